// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.EchoEngine;
import java.lang.ref.Cleaner;
import java.lang.ref.WeakReference;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes requesters that their users have dropped without closing them, each once it owes nothing (SPEC END-6). The
 * process has one such daemon thread, which exists only while there are any. Nothing that a logger or a handler throws
 * ends it.
 */
final class DroppedRequesters implements Runnable {
    static final String NAME = "netecho-dropped";

    /** Has each requester store where it was opened. Not a package name, so that relocation leaves it alone. */
    static final String PROPERTY = "netecho.traceOpen";

    private static final long SHORTEST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;

    /** For how long an executor may run none of its tasks: as long as close() waits for a listener that blocks. */
    private static final long EXECUTOR_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final DroppedRequesters ALL = new DroppedRequesters(DroppedRequesters::thread);

    /** Made when it is needed: where the system refuses its thread, the next requester tries again. */
    private static @Nullable Cleaner cleaner;

    private final ThreadFactory threads;
    private @Nullable Dropped first;
    private @Nullable Dropped last;
    private int count;

    /** A thread sees to them: our own or, where none can be started, the cleaner's. */
    private boolean running;

    DroppedRequesters(ThreadFactory threads) {
        this.threads = threads;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(null, task, NAME, 0, false);
        thread.setDaemon(true);
        return thread;
    }

    /**
     * Makes what {@link #watch} needs, before anything is open that a failure would leave open. Loads what closing
     * needs: the class loader may be closed by then.
     */
    static void load() {
        cleaner();
        DeliveryTurn.settleAll();
    }

    /**
     * Watches what the user holds. The cleaner's thread keeps no class loader from being collected: it refers to what
     * is watched only, and ends with the cleaner, which this class holds.
     */
    static Cleaner.Cleanable watch(OwnedRequester owned, EngineRequester requester) {
        Throwable opened = Boolean.getBoolean(PROPERTY) ? new Throwable(requester.name() + " was opened here") : null;
        return cleaner().register(owned, new Dropped(ALL, requester, opened));
    }

    /** Has an action run soon after the next garbage collection, or the one after that. */
    static void afterCollection(Runnable action) {
        cleaner().register(new Object(), action);
    }

    private static synchronized Cleaner cleaner() {
        Cleaner made = cleaner;
        if (made == null) {
            made = Cleaner.create();
            cleaner = made;
        }
        return made;
    }

    /**
     * Has one closed, on the cleaner's thread. Closing may take long, and the cleaner has others to clean; but where no
     * thread can be started, nothing else would close it.
     */
    private void add(Dropped one) {
        if (isFirst(one)) {
            closeAll(true);
        }
    }

    /** {@return whether no thread sees to them yet, so that this one has to} */
    private synchronized boolean isFirst(Dropped one) {
        append(one);
        boolean alone = !running;
        running = true;
        return alone;
    }

    private void append(Dropped one) {
        if (last == null) {
            first = one;
        } else {
            last.next = one;
        }
        last = one;
        count++;
    }

    private boolean startThread() {
        try {
            threads.newThread(this).start();
            return true;
        } catch (Throwable e) { // the system refuses it, or memory has ended
            return false;
        }
    }

    @Override
    public void run() {
        closeAll(false);
    }

    /** Closes them until there is none, or until a thread takes over. */
    private void closeAll(boolean handsOver) {
        boolean settled = false;
        try {
            long pause = SHORTEST_PAUSE_MILLIS;
            for (int left = count(); left > 0 && !(handsOver && startThread()); left = count()) {
                boolean anyOver = false;
                for (int i = 0; i < left; i++) {
                    anyOver |= closeOldest();
                }
                pause = anyOver ? SHORTEST_PAUSE_MILLIS : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
                pause(pause);
            }
            settled = true;
        } finally {
            if (!settled) {
                stopped(); // the next one that is dropped has them closed
            }
        }
    }

    /** {@return how many there are; with none, the thread is to end} */
    private synchronized int count() {
        running = count > 0;
        return count;
    }

    private synchronized void stopped() {
        running = false;
    }

    private boolean closeOldest() {
        Dropped oldest = oldest();
        boolean over = false;
        try {
            over = oldest == null || oldest.isOver();
        } catch (Throwable e) {
            // No memory. Again after a pause: nothing else would close it. Telling it would need memory.
        }
        if (oldest != null) {
            moveOn(oldest, over);
        }
        return over;
    }

    private synchronized @Nullable Dropped oldest() {
        return first;
    }

    /** Makes no object: where memory ended here, the requester would be forgotten. */
    private synchronized void moveOn(Dropped oldest, boolean over) {
        first = oldest.next;
        oldest.next = null;
        last = first == null ? null : last;
        count--;
        if (!over) {
            append(oldest);
        }
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // By a listener or a logger that ran on this thread. No one else waits here.
        }
    }

    /** A requester whose owner is gone: the cleaner runs this then, or {@link OwnedRequester#close} before. */
    static final class Dropped implements Runnable {
        private static final Logger LOG = LoggerFactory.getLogger(DroppedRequesters.class);

        private final DroppedRequesters all;
        private final String name;
        private final String provider;
        private final EchoEngine engine;

        /**
         * Weak: its executor may refer to what the user holds. What is outstanding refers to it, and what the executor
         * owes does until the next look at it.
         */
        private final WeakReference<EngineRequester> requester;

        private final @Nullable Throwable opened;
        private @Nullable Dropped next;
        private boolean reported;
        private long delivered = -1;
        private long deliveredNanos;

        Dropped(DroppedRequesters all, EngineRequester requester, @Nullable Throwable opened) {
            this.all = all;
            this.name = requester.name();
            this.provider = requester.provider();
            this.engine = requester.engine;
            this.requester = new WeakReference<>(requester);
            this.opened = opened;
        }

        @Override
        public void run() {
            EngineRequester owing = requester.get();
            if (owing == null || owing.isOpen()) {
                all.add(this);
            }
        }

        /**
         * {@return whether nothing is to be done any more} Closes the requester if it owes nothing. Throws for lack of
         * memory only, and can then be called again.
         */
        boolean isOver() {
            report();
            try {
                EngineRequester owing = requester.get();
                if (owing == null) {
                    engine.close();
                } else if (owesOutcomes(owing)) {
                    return false;
                } else {
                    owing.close();
                }
            } catch (OutOfMemoryError e) {
                throw e;
            } catch (Throwable e) {
                reportOpen(e);
            }
            return true;
        }

        /**
         * One argument and one exception in each line: with more, SLF4J needs a class that nothing has loaded before,
         * and the class loader may be closed by now.
         */
        private void report() {
            if (reported) {
                return;
            }
            String which = name + ": a requester of " + provider;
            reported = true;
            try {
                if (opened == null) {
                    LOG.warn(
                            "{} was dropped without close(); it is closed once its last request has ended; to see where"
                                    + " it was opened, set -D" + PROPERTY + "=true",
                            which);
                } else {
                    LOG.warn(
                            "{} was dropped without close(); it is closed once its last request has ended;"
                                    + " opened here:",
                            which,
                            opened);
                }
            } catch (Throwable e) {
                unlogged(which + " was dropped without close()", e);
            }
        }

        private void reportOpen(Throwable cause) {
            try {
                LOG.warn(
                        "{}: could not be closed after it was dropped; its threads, sockets and memory may remain",
                        name,
                        cause);
            } catch (Throwable e) {
                unlogged(name + " was dropped and could not be closed", cause);
            }
        }

        /** What the log cannot say, the JVM's handler of last resort does. It may be as broken as the log. */
        private static void unlogged(String what, Throwable cause) {
            Thread thread = Thread.currentThread();
            try {
                thread.getUncaughtExceptionHandler().uncaughtException(thread, new IllegalStateException(what, cause));
            } catch (Throwable e) {
                // Nothing is left that could tell it.
            }
        }

        private boolean owesOutcomes(EngineRequester requester) {
            if (requester.isOutstanding()) {
                return true;
            }
            long now = System.nanoTime();
            long before = delivered;
            delivered = requester.undelivered.progress();
            if (delivered != before) {
                deliveredNanos = now;
            }
            return delivered >= 0 && now - deliveredNanos < EXECUTOR_NANOS;
        }
    }
}
