// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongBinaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * The time of a simulated network: it stands still until a test advances it.
 *
 * <p>Everything in the network, listeners included, happens inside {@link #advance} in the order of its times. It runs
 * on one thread of the clock, as a real engine has one. Thread-safe; threads that advance at the same time take turns.
 */
public final class SimulatedClock {
    private static final Duration LONGEST = Duration.ofDays(100 * 365);

    /** Made once: where memory has ended, an event that is taken must happen. */
    private static final LongBinaryOperator LATER = SimulatedClock::later;

    private final TreeSet<Event> events = new TreeSet<>();
    private final SerialTasks tasks = new SerialTasks();
    private final AtomicLong now = new AtomicLong();
    private final AtomicLong stalls = new AtomicLong();
    private long order;

    /** Constructs a clock at zero. */
    public SimulatedClock() {}

    /** {@return how many nanoseconds this clock has run} */
    public long nanoTime() {
        return now.get();
    }

    /** {@return how long this clock has run} */
    public Duration elapsed() {
        return Duration.ofNanos(now.get());
    }

    /**
     * Lets time pass, and everything that is due by then happen. Returns when it has happened, listeners included.
     *
     * @param time how long, zero or more
     * @throws IllegalStateException if a listener calls it, because time does not pass inside an instant (see
     *     {@link #stall}); or if a host's script or a scheduled task threw, which is then its cause
     */
    public void advance(Duration time) {
        long nanos = notNegative(time);
        if (inTurn()) {
            throw new IllegalStateException(
                    "advance() was called by a listener; call it on a thread of the test, or stall() to be slow here");
        }
        Advance advance = new Advance(nanos);
        tasks.execute(advance);
        advance.done.join();
        tasks.throwFailures();
    }

    /**
     * Lets time pass without running anything, as if the process were stopped or a listener were slow. The next
     * {@link #advance} finds what fell due.
     *
     * @param time how long, zero or more
     */
    public void stall(Duration time) {
        long nanos = notNegative(time);
        if (inTurn()) {
            stallNow(nanos);
            return;
        }
        CompletableFuture<Void> done = new CompletableFuture<>();
        tasks.execute(() -> {
            stallNow(nanos);
            done.complete(null);
        });
        done.join(); // after earlier tasks
    }

    private void stallNow(long nanos) {
        now.addAndGet(nanos);
        stalls.incrementAndGet();
    }

    /**
     * Runs a task when its time has come, as an agent's own timer would.
     *
     * @param delay in how long, zero or more
     * @param task runs inside {@link #advance}, where it may send requests, but not wait for them
     */
    public void schedule(Duration delay, Runnable task) {
        plan(now.get() + notNegative(delay), 1, task);
    }

    /**
     * Runs a task repeatedly: first after one period, and then for as long as time passes.
     *
     * @param period how long between two runs, more than zero
     * @param task runs inside {@link #advance}, where it may send requests, but not wait for them
     */
    public void scheduleAtFixedRate(Duration period, Runnable task) {
        if (period.isZero()) {
            throw new IllegalArgumentException("the period is zero; time would no longer pass");
        }
        schedule(period, () -> {
            scheduleAtFixedRate(period, task);
            task.run();
        });
    }

    /** {@return the time until something happens in the network, never negative; empty if nothing will} */
    public OptionalLong nanosToNext() {
        synchronized (events) {
            return events.isEmpty()
                    ? OptionalLong.empty()
                    : OptionalLong.of(Math.max(0, events.first().nanos - now.get()));
        }
    }

    /** {@return how often the clock was stalled} */
    long stalls() {
        return stalls.get();
    }

    /** {@return whether the calling thread is the clock's} */
    boolean inTurn() {
        return tasks.inTurn();
    }

    /** Runs a task after all earlier ones, without letting time pass. */
    void execute(Runnable task) {
        tasks.execute(task);
    }

    /** Makes the next {@link #advance} throw what a script has thrown. */
    void failed(Throwable thrown) {
        tasks.failed(thrown);
    }

    /** Plans a packet's arrival; it comes before every deadline of the same time, because it is in time. */
    Event arrival(long nanos, Runnable action) {
        return plan(nanos, 0, action);
    }

    /** Plans a deadline. */
    Event deadline(long nanos, Runnable action) {
        return plan(nanos, 1, action);
    }

    void forget(Event event) {
        synchronized (events) {
            events.remove(event);
        }
    }

    private Event plan(long nanos, int rank, Runnable action) {
        synchronized (events) {
            Event event = new Event(nanos, rank, order++, action);
            events.add(event);
            return event;
        }
    }

    /** Runs one event, and the rest as a new task: requests of a listener go first. */
    private final class Advance implements Runnable {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final long nanos;
        private long target;
        private boolean begun;

        Advance(long nanos) {
            this.nanos = nanos;
        }

        @Override
        public void run() {
            if (!begun) {
                begun = true;
                target = now.get() + nanos;
            }
            Event due = takeDue(target);
            if (due == null) {
                now.accumulateAndGet(target, LATER);
                done.complete(null);
                return;
            }
            now.accumulateAndGet(due.nanos, LATER);
            try {
                due.action.run();
            } finally {
                tasks.execute(this);
            }
        }
    }

    private @Nullable Event takeDue(long target) {
        synchronized (events) {
            return events.isEmpty() || events.first().nanos - target > 0 ? null : events.pollFirst();
        }
    }

    private static long later(long one, long other) {
        return one - other > 0 ? one : other;
    }

    private static long notNegative(Duration time) {
        Objects.requireNonNull(time, "time");
        if (time.isNegative()) {
            throw new IllegalArgumentException("time is " + time + "; it cannot go back");
        }
        if (time.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException("time is " + time + "; it can advance by at most 100 years at once");
        }
        return time.toNanos();
    }

    /** An event that will happen. */
    static final class Event implements Comparable<Event> {
        final long nanos;
        private final int rank;
        private final long order;
        private final Runnable action;

        private Event(long nanos, int rank, long order, Runnable action) {
            this.nanos = nanos;
            this.rank = rank;
            this.order = order;
            this.action = action;
        }

        @Override
        public int compareTo(Event other) {
            if (nanos != other.nanos) {
                return Long.signum(nanos - other.nanos);
            }
            return rank == other.rank ? Long.compare(order, other.order) : Integer.compare(rank, other.rank);
        }
    }
}
