// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices event loops that somebody holds for more than a second: a listener that blocks, or the owner of a lent loop.
 * One thread looks at all engines of the process once a second while one of them works, and sleeps while none does. It
 * ends with the last engine.
 */
final class LoopWatch implements Runnable {
    private static final long TICK_NANOS = TimeUnit.SECONDS.toNanos(1);

    private static final Logger LOG = LoggerFactory.getLogger(LoopWatch.class);

    private static final List<EchoLoop> ENGINES = new CopyOnWriteArrayList<>();

    /** The thread if it sleeps and has to be woken when a loop begins to work; else null. */
    private static volatile @Nullable Thread sleeping;

    private static @Nullable Thread running;

    private LoopWatch() {}

    /** Watches an engine until it is removed, if the system allows one more thread. */
    static void add(EchoLoop engine) {
        synchronized (ENGINES) {
            ENGINES.add(engine);
            if (running == null) {
                try {
                    Thread thread = new Thread(null, new LoopWatch(), "netecho-loop-watch", 0, false);
                    thread.setDaemon(true);
                    thread.setContextClassLoader(null);
                    thread.start();
                    running = thread;
                } catch (OutOfMemoryError e) {
                    LOG.debug("no thread for the watch over event loops", e);
                }
            }
        }
    }

    static void remove(EchoLoop engine) {
        synchronized (ENGINES) {
            ENGINES.remove(engine);
            if (ENGINES.isEmpty()) {
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
            } catch (RuntimeException | Error e) { // no memory, as a rule: the thread goes on for all later engines
                LockSupport.parkNanos(TICK_NANOS);
            }
            looked = System.nanoTime();
        }
    }

    private static void look(long looked) {
        boolean busy = false;
        for (EchoLoop engine : ENGINES) {
            busy |= engine.isAtWork();
        }
        if (busy) {
            LockSupport.parkNanos(TICK_NANOS);
        } else {
            sleepUntilWoken();
        }
        long now = System.nanoTime();
        // After a pause of the whole process nobody can say who has held what.
        boolean inTime = now - looked < 2 * TICK_NANOS;
        for (EchoLoop engine : ENGINES) {
            engine.watch(now, inTime);
        }
    }

    private static void sleepUntilWoken() {
        sleeping = Thread.currentThread();
        for (EchoLoop engine : ENGINES) {
            if (engine.isAtWork()) { // it has begun in between, and has not seen that this thread sleeps
                sleeping = null;
                return;
            }
        }
        while (sleeping != null && !ENGINES.isEmpty()) {
            LockSupport.park(LoopWatch.class);
        }
    }

    private static boolean isOver() {
        synchronized (ENGINES) {
            if (ENGINES.isEmpty()) {
                running = null;
                sleeping = null;
                return true;
            }
            return false;
        }
    }
}
