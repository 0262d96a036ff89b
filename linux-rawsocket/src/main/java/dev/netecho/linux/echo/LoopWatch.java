// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.RateLimitedLog;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices event loops that make no progress for more than a second, as when a listener or the owner of a lent loop
 * blocks them. One thread looks at all loops of the process once a second while one of them works, and sleeps while
 * none does. It ends with the last loop.
 */
final class LoopWatch implements Runnable {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    /** A loop is logged if it has made no progress for this long. */
    private static final long BLOCKED_NANOS = 900_000_000;

    /**
     * A loop that seems blocked is looked at this often again, this far apart, before it is logged: one that was only
     * waiting for a processor, as after a pause of a virtual machine, makes progress meanwhile.
     */
    private static final int CONFIRMATIONS = 5;

    private static final long CONFIRMATION_NANOS = TimeUnit.MILLISECONDS.toNanos(50);

    private static final List<Watched> LOOPS = new CopyOnWriteArrayList<>();

    /** The thread if it sleeps and has to be woken when a loop begins to work; else null. */
    private static volatile @Nullable Thread sleeping;

    private static @Nullable Thread running;

    private LoopWatch() {}

    /** Watches a loop until it is removed, if the system allows one more thread. */
    static void add(LoopState loop) {
        synchronized (LOOPS) {
            LOOPS.add(new Watched(loop));
            if (running == null) {
                try {
                    Thread thread = new Thread(null, new LoopWatch(), "netecho-loop-watch", 0, false);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(null);
                    thread.start();
                    running = thread;
                } catch (OutOfMemoryError e) {
                    LOG.debug("could not start the thread that watches event loops", e);
                }
            }
        }
    }

    static void remove(LoopState loop) {
        synchronized (LOOPS) {
            LOOPS.removeIf(watched -> watched.loop.equals(loop));
            if (LOOPS.isEmpty()) {
                LockSupport.unpark(running);
            }
        }
    }

    /** A loop works, or is to work: costs nothing while the thread is awake. */
    static void wake() {
        Thread thread = sleeping;
        if (thread != null) {
            sleeping = null;
            LockSupport.unpark(thread);
        }
    }

    @Override
    public void run() {
        long looked = System.nanoTime();
        while (!isOver()) {
            try {
                look(looked);
            } catch (RuntimeException | Error e) {
                // Usually no memory. The thread continues, for all later loops.
                LockSupport.parkNanos(TICK_NANOS);
            }
            looked = System.nanoTime();
        }
    }

    private static void look(long looked) {
        boolean busy = false;
        for (Watched watched : LOOPS) {
            busy |= watched.loop.isRoundDue();
        }
        if (busy) {
            LockSupport.parkNanos(TICK_NANOS);
        } else {
            sleepUntilWoken();
        }
        boolean suspected = isAnyBlocked(looked, TICK_NANOS);
        for (int i = 0; suspected && i < CONFIRMATIONS; i++) {
            long before = System.nanoTime();
            LockSupport.parkNanos(CONFIRMATION_NANOS);
            suspected = isAnyBlocked(before, CONFIRMATION_NANOS);
        }
        if (suspected) {
            for (Watched watched : LOOPS) {
                watched.logIfBlocked();
            }
        }
    }

    /**
     * {@return whether a loop seems blocked} The last look was at {@code looked}, and this one was to follow it soon.
     */
    private static boolean isAnyBlocked(long looked, long pauseNanos) {
        long now = System.nanoTime();
        // After a pause of the whole process, no loop is to blame.
        boolean inTime = now - looked < 2 * pauseNanos;
        boolean any = false;
        for (Watched watched : LOOPS) {
            any |= watched.isBlocked(now, inTime);
        }
        return any;
    }

    private static void sleepUntilWoken() {
        sleeping = Thread.currentThread();
        for (Watched watched : LOOPS) {
            // It has begun meanwhile, and has not seen that this thread sleeps.
            if (watched.loop.isRoundDue()) {
                sleeping = null;
                return;
            }
        }
        while (sleeping != null && !LOOPS.isEmpty()) {
            LockSupport.park(LoopWatch.class);
        }
    }

    private static boolean isOver() {
        synchronized (LOOPS) {
            if (LOOPS.isEmpty()) {
                running = null;
                sleeping = null;
                return true;
            }
            return false;
        }
    }

    /** One loop, and what was seen of it when it was last looked at. */
    private static final class Watched {
        private final LoopState loop;
        private final RateLimitedLog log = new RateLimitedLog(LoopWatch.class);
        private long seenProgress = -1;
        private long blockedSince;
        private long blockedNanos;

        Watched(LoopState loop) {
            this.loop = loop;
        }

        /** {@return whether no round and no outcome has begun or ended there for a second} */
        boolean isBlocked(long now, boolean inTime) {
            long progress = loop.progress();
            if (!inTime || progress != seenProgress || !loop.isRoundDue() || loop.thread() == null) {
                seenProgress = loop.isRoundDue() ? progress : -1;
                blockedSince = now;
            }
            blockedNanos = now - blockedSince;
            return blockedNanos >= BLOCKED_NANOS;
        }

        /** Logs the stack of the loop's thread, at most once a minute. */
        void logIfBlocked() {
            Thread thread = loop.thread();
            if (blockedNanos >= BLOCKED_NANOS && thread != null && log.isDue()) {
                Throwable stack = new Throwable("stack of " + thread.getName());
                stack.setStackTrace(thread.getStackTrace());
                log.warn(
                        loop.name(),
                        "its event loop has made no progress for "
                                + TimeUnit.NANOSECONDS.toMillis(blockedNanos)
                                + " ms; meanwhile no request on it is sent or gets an outcome. The stack shows what its"
                                + " thread is doing; listeners and tasks there must not block",
                        stack);
            }
        }
    }
}
