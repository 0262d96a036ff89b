// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.EchoOutcome;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a close ends, and the threads that deliver their outcomes (SPEC END-2). The listener of each may
 * block. So as many threads deliver as it takes, and the one that closes only waits.
 *
 * <p>An engine makes one when it is opened, and closes like this:
 *
 * <ol>
 *   <li>It sends nothing more, and has its own thread run the next two steps.
 *   <li>It takes everything that is outstanding out of its queues and slots, under its lock: {@link #add} each, then
 *       {@link #setCollected}.
 *   <li>It calls {@link #deliver}, without the lock.
 *   <li>Meanwhile the closing thread calls {@link #await}. If a listener blocks the engine's thread, others take its
 *       place. A thread that delivers must not wait ({@link #isDelivering}): it runs the two steps itself.
 * </ol>
 *
 * <p>Thread-safe. Memory may be short while an engine closes: nothing here needs any but new threads and listeners.
 */
public final class ClosedRequests {
    /** How long nothing moves before another thread delivers. */
    private static final long PATIENCE_NANOS = 20_000_000;

    /** Each listener that blocks takes one. */
    private static final int MOST_THREADS = 512;

    /** While there is no memory, deliveries are tried again after this pause, and for so long. */
    private static final long PAUSE_NANOS = 1_000_000;

    private static final long MEMORY_NANOS = TimeUnit.MINUTES.toNanos(1);

    /** How long a close waits for a thread that can be started, before it delivers itself. */
    private static final long REFUSED_NANOS = TimeUnit.SECONDS.toNanos(2);

    /** How long a thread has others deliver in the place of a caller that was interrupted: as long as a close waits. */
    private static final long REST_NANOS = TimeUnit.SECONDS.toNanos(5);

    /** Loaded while it can be read: the class loader may be closed by the time it is needed (SPEC END-6). */
    @SuppressWarnings("UnusedVariable")
    private static final Class<?> FOR_CLOSE = Helper.class;

    private final String name;
    private final @Nullable EchoCounters requester;
    private final RateLimitedLog log;
    private final Set<Thread> delivering;
    private final EchoQueue requests = new EchoQueue();

    /** Their links still belong to a queue of the engine. */
    private final @Nullable PendingEcho[] linked;

    private int linkedCount;
    private EchoOutcome.NotSent outcome = EchoEngine.CLOSED;
    private boolean collected;
    private int taken;
    private long progress;
    private @Nullable Helper youngest;
    private @Nullable Helper successor;
    private boolean refused;
    private long refusedSince;
    private int helpers;
    private int startedLast;
    private long progressThen;
    private long lookedNanos;

    /**
     * Constructs an empty list of all requests of an engine.
     *
     * @param name the prefix of log lines, and of the names of threads
     * @param mostLinked how many requests {@link #addLinked} takes
     */
    public ClosedRequests(String name, int mostLinked) {
        this(name, null, mostLinked, new RateLimitedLog(ClosedRequests.class), ConcurrentHashMap.newKeySet());
    }

    private ClosedRequests(
            String name, @Nullable EchoCounters requester, int mostLinked, RateLimitedLog log, Set<Thread> delivering) {
        this.name = name;
        this.requester = requester;
        this.linked = new PendingEcho[mostLinked];
        this.log = log;
        this.delivering = delivering;
    }

    /**
     * {@return an empty list of the requests of one requester, which leaves an engine that others use too} What
     * delivers them counts as delivering the requests of this list.
     *
     * @param leaving its counters
     */
    public ClosedRequests of(EchoCounters leaving) {
        return new ClosedRequests(name, leaving, linked.length, log, delivering);
    }

    /** {@return whether every request of the engine ends} */
    public boolean isAll() {
        return requester == null;
    }

    /**
     * {@return whether a request ends}
     *
     * @param echo the request
     */
    public boolean includes(PendingEcho echo) {
        return requester == null || echo.counters().equals(requester);
    }

    /**
     * Sets how the requests end if not by a close.
     *
     * @param reason their outcome
     */
    public synchronized void because(EchoOutcome.NotSent reason) {
        outcome = reason;
    }

    /**
     * Adds a request.
     *
     * @param echo the request, which is in no other list
     */
    public synchronized void add(PendingEcho echo) {
        requests.addLast(echo);
    }

    /**
     * Adds a request that stays in a list of the engine too, which drops it when it finds that it is complete.
     *
     * @param echo the request
     */
    public synchronized void addLinked(PendingEcho echo) {
        linked[linkedCount++] = echo;
    }

    /** Says that every request is here. */
    public synchronized void setCollected() {
        collected = true;
        notifyAll();
    }

    /** {@return whether every request is here, or was} */
    public synchronized boolean isCollected() {
        return collected;
    }

    /** {@return whether the calling thread delivers outcomes of this engine's closes: who waits for it must not} */
    public boolean isDelivering() {
        return delivering.contains(Thread.currentThread());
    }

    /**
     * Delivers what is left, on the calling thread. A delivery that fails, usually for lack of memory, is logged and
     * tried again.
     */
    public void deliver() {
        deliver(MEMORY_NANOS);
    }

    /** Gives up if every delivery fails for so long. */
    private void deliver(long nanos) {
        Thread thread = Thread.currentThread();
        boolean outermost = false;
        try {
            outermost = delivering.add(thread);
        } catch (OutOfMemoryError e) {
            report(e); // a listener that closes now waits for itself, as long as a close waits
        }
        try {
            deliverAll(nanos);
        } finally {
            if (outermost) {
                delivering.remove(thread);
            }
        }
    }

    private void deliverAll(long nanos) {
        boolean failing = false;
        long failingSince = 0;
        while (true) {
            PendingEcho echo = take(true);
            boolean isLinked = echo != null;
            if (echo == null) {
                echo = take(false);
            }
            if (echo == null) {
                return;
            }
            boolean delivered = deliver(echo, isLinked);
            long now = System.nanoTime();
            if (!failing) {
                failingSince = now;
            }
            failing = !delivered;
            if (failing) {
                if (now - failingSince >= nanos) {
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    private synchronized @Nullable PendingEcho take(boolean fromLinked) {
        PendingEcho echo = fromLinked ? pollLinked() : requests.poll();
        if (echo != null) {
            taken++;
            progress++;
        }
        return echo;
    }

    private @Nullable PendingEcho pollLinked() {
        if (linkedCount == 0) {
            return null;
        }
        PendingEcho echo = linked[--linkedCount];
        linked[linkedCount] = null;
        return echo;
    }

    /** {@return whether it has its outcome; if not, it is back in its place} */
    private boolean deliver(PendingEcho echo, boolean isLinked) {
        boolean undelivered = false;
        try {
            if (!echo.complete(outcome())) {
                echo.letGo();
            }
        } catch (RuntimeException | Error e) { // must not cost the others their outcome
            undelivered = !echo.isDone();
            report(e);
        }
        synchronized (this) {
            taken--;
            if (undelivered && isLinked) {
                // The others come first.
                System.arraycopy(linked, 0, linked, 1, linkedCount++);
                linked[0] = echo;
            } else if (undelivered) {
                requests.addLast(echo);
            }
            notifyAll();
        }
        return !undelivered;
    }

    private synchronized EchoOutcome.NotSent outcome() {
        return outcome;
    }

    private void report(Throwable thrown) {
        log.warn(name, "unexpected failure in the engine; it keeps running", thrown);
    }

    /**
     * Waits until every request has its outcome, and has more threads deliver while those that do are blocked. An
     * interrupt ends the wait, and is kept; another thread does the same then.
     *
     * @param nanos how long to wait at most
     * @param collect takes out the requests where the engine's thread has not, if it can now; returns whether all are
     *     here
     * @return whether every request has its outcome
     */
    public boolean await(long nanos, BooleanSupplier collect) {
        long end = System.nanoTime() + nanos;
        long left = nanos;
        try {
            while (!awaitOver(Math.min(PATIENCE_NANOS, left))) {
                if (left <= 0) {
                    return false;
                }
                left = Math.max(0, end - System.nanoTime());
                help(left, collect);
            }
            joinHelpers(end);
            return true;
        } catch (InterruptedException e) {
            if (!hasSuccessor(collect) && (isCollected() || collect.getAsBoolean())) {
                deliver(0); // no other thread would
            }
            Thread.currentThread().interrupt();
            return false;
        }
    }

    private synchronized boolean awaitOver(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!(collected && taken == 0 && isEmpty())) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    private boolean isEmpty() {
        return requests.isEmpty() && linkedCount == 0;
    }

    private void help(long nanos, BooleanSupplier collect) {
        if (!isCollected() && !collect.getAsBoolean()) {
            return;
        }
        for (int more = missing(); more > 0; more--) {
            try {
                Helper helper = new Helper(null);
                helper.start();
                add(helper);
            } catch (OutOfMemoryError e) { // or no thread is left
                if (isRefusedForLong()) {
                    // Late is better than never, though a listener may hold this thread.
                    deliver(nanos);
                }
                return;
            }
        }
    }

    /** {@return whether for a long time no thread could be started} */
    private synchronized boolean isRefusedForLong() {
        long now = System.nanoTime();
        if (!refused) {
            refused = true;
            refusedSince = now;
        }
        return now - refusedSince >= REFUSED_NANOS;
    }

    /** {@return whether a thread does what the caller was about to do} */
    private synchronized boolean hasSuccessor(BooleanSupplier collect) {
        if (successor != null && successor.isAlive()) {
            return true;
        }
        try {
            Helper started = new Helper(collect);
            started.start();
            successor = started;
            return true;
        } catch (OutOfMemoryError e) { // or no thread is left
            return false;
        }
    }

    /** {@return how many more threads are to deliver} */
    private synchronized int missing() {
        long now = System.nanoTime();
        if (isEmpty() || (helpers > 0 && now - lookedNanos < PATIENCE_NANOS / 2)) {
            return 0; // another close has just looked
        }
        // Each of the last ones has taken one request, and is blocked: as many as there are take their place.
        boolean blocked = progress - progressThen <= startedLast;
        startedLast = blocked ? Math.min(Math.max(1, helpers), MOST_THREADS - helpers) : 0;
        progressThen = progress;
        lookedNanos = now;
        return startedLast;
    }

    private synchronized void add(Helper helper) {
        helper.older = youngest;
        youngest = helper;
        helpers++;
        refused = false;
    }

    private synchronized @Nullable Helper youngest() {
        return youngest;
    }

    private synchronized @Nullable Helper successor() {
        return successor;
    }

    /** They end at once, because every listener has returned. */
    private void joinHelpers(long end) throws InterruptedException {
        for (Helper helper = youngest(); helper != null; helper = helper.older) {
            join(helper, end);
        }
        Helper last = successor(); // after those that it waits for
        if (last != null && !last.equals(Thread.currentThread())) {
            join(last, end);
        }
    }

    private static void join(Helper helper, long end) throws InterruptedException {
        helper.join(1 + TimeUnit.NANOSECONDS.toMillis(Math.max(0, end - System.nanoTime())));
    }

    /** Takes the place of a thread that a listener blocks, or of one that was interrupted while it waited. */
    private final class Helper extends Thread {
        private final @Nullable BooleanSupplier collect;
        private @Nullable Helper older;

        /** With {@code collect} it waits, and has others deliver; without, it delivers. */
        Helper(@Nullable BooleanSupplier collect) {
            super(null, null, name + "-close", 0, false);
            this.collect = collect;
            setDaemon(true);
            setContextClassLoader(null);
        }

        @Override
        public void run() {
            if (collect == null) {
                deliver();
            } else {
                await(REST_NANOS, collect);
            }
        }
    }
}
