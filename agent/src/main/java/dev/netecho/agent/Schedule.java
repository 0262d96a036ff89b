// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * Asks every target once an interval, evenly spread. The order is that of a hash of the target, so a target keeps its
 * place within the interval, or nearly, when others come and go. One thread, which is woken once for all that are due
 * in the same moment of 5 ms: a wake-up costs more than a request.
 */
final class Schedule implements AutoCloseable {
    private static final long MOMENT_NANOS = 5_000_000;

    /** The targets, in their order. */
    private static final class Plan {
        final List<TargetState> targets;
        final long intervalNanos;

        Plan(List<TargetState> targets, long intervalNanos) {
            this.targets = targets;
            this.intervalNanos = intervalNanos;
        }

        /** {@return when a target is due, after the start of the interval} */
        long phase(int index) {
            long spread = (long) ((double) intervalNanos * index / targets.size());
            return spread - spread % MOMENT_NANOS;
        }
    }

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    private final Consumer<TargetState> ask;
    private final LagWatch lag;
    private final Thread thread;
    private final long start = System.nanoTime();

    // Guarded by the lock.
    private Plan plan = new Plan(List.of(), 1);
    private boolean closed;

    /**
     * Constructs a schedule without targets.
     *
     * @param ask sends a request; called on the thread of the schedule, and must not block
     */
    Schedule(Consumer<TargetState> ask, LagWatch lag) {
        this.ask = ask;
        this.lag = lag;
        this.thread = new Thread(this::run, "netecho-agent-schedule");
        thread.setDaemon(true);
        thread.start();
    }

    /** Says whom to ask from now on, and how often. */
    void set(Collection<TargetState> targets, long intervalNanos) {
        List<TargetState> ordered = new ArrayList<>(targets);
        ordered.sort(Comparator.comparingLong(target -> mixed(target.labels().hashCode())));
        lock.lock();
        try {
            plan = new Plan(ordered, intervalNanos);
            changed.signal();
        } finally {
            lock.unlock();
        }
    }

    /** Neighbours in a list have hashes in a row: mixed, they are asked far apart (Stafford's mix 13). */
    private static long mixed(long hash) {
        long z = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
        return z ^ (z >>> 31);
    }

    private void run() {
        Plan current = null;
        long round = 0;
        int next = 0;
        long due = Long.MAX_VALUE; // of the next target, after the start
        // Whom a new plan does not have asked again in the same moment.
        Set<TargetState> asked = new HashSet<>();
        while (true) {
            TargetState target;
            long late;
            lock.lock();
            try {
                if (plan != current) {
                    current = plan;
                    // Those that are due but not asked yet are asked by the new plan.
                    long from = Math.min(elapsed(), due);
                    round = Math.floorDiv(from, current.intervalNanos);
                    next = first(current, from - round * current.intervalNanos);
                }
                if (closed) {
                    return;
                }
                if (current.targets.size() == 0) {
                    due = Long.MAX_VALUE;
                    changed.awaitUninterruptibly();
                    continue;
                }
                if (next == current.targets.size()) {
                    next = 0;
                    round++;
                }
                long last = due;
                due = round * current.intervalNanos + current.phase(next);
                if (due != last) {
                    asked.clear();
                }
                late = elapsed() - due;
                if (late < 0) {
                    changed.awaitNanos(-late);
                    continue;
                }
                if (late > current.intervalNanos) {
                    // The machine was suspended, or is too slow: what was missed is not sent in one burst.
                    long rounds = late / current.intervalNanos;
                    lag.skipped(rounds * current.targets.size());
                    round += rounds;
                    due += rounds * current.intervalNanos;
                    late -= rounds * current.intervalNanos;
                }
                target = current.targets.get(next++);
                if (!asked.add(target)) {
                    continue;
                }
            } catch (InterruptedException e) {
                return; // nobody interrupts this thread
            } finally {
                lock.unlock();
            }
            lag.late(late);
            ask.accept(target);
        }
    }

    private long elapsed() {
        return System.nanoTime() - start;
    }

    /** {@return the first target that is not due before a moment of the interval} */
    private static int first(Plan plan, long moment) {
        int index = (int) Math.min(plan.targets.size(), (double) moment * plan.targets.size() / plan.intervalNanos);
        while (index < plan.targets.size() && plan.phase(index) < moment) {
            index++;
        }
        return index;
    }

    /** Asks nobody any more once this has returned. */
    @Override
    public void close() {
        lock.lock();
        try {
            closed = true;
            changed.signal();
        } finally {
            lock.unlock();
        }
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
