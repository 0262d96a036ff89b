// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.lang.ref.Cleaner;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes requesters that their users have dropped without closing them, each once it owes nothing (SPEC END-6). The
 * process has one such daemon thread, which exists only while there are any.
 */
final class DroppedRequesters implements Runnable {
    static final String NAME = "netecho-dropped";

    /** Has each requester store where it was opened. Not a package name, so that relocation leaves it alone. */
    static final String PROPERTY = "netecho.traceOpen";

    private static final long SHORTEST_PAUSE_MILLIS = 10;
    private static final long LONGEST_PAUSE_MILLIS = 250;

    /** For how long an executor may run none of its tasks: as long as close() waits for a listener that blocks. */
    private static final long EXECUTOR_NANOS = TimeUnit.SECONDS.toNanos(5);

    private static final DroppedRequesters ALL = new DroppedRequesters();

    /** Made when it is needed: where the system refuses its thread, the next requester tries again. */
    private static @Nullable Cleaner cleaner;

    private final Queue<Dropped> dropped = new ArrayDeque<>();
    private boolean running;

    private DroppedRequesters() {}

    /** Makes what {@link #watch} needs, before anything is open that a failure would leave open. */
    static void load() {
        cleaner();
    }

    /**
     * Watches what the user holds. The cleaner's thread keeps no class loader from being collected: it refers to what
     * is watched only, and ends with the cleaner, which this class holds.
     */
    static Cleaner.Cleanable watch(OwnedRequester owned, EngineRequester requester) {
        Throwable opened = Boolean.getBoolean(PROPERTY) ? new Throwable(requester.name() + " was opened here") : null;
        return cleaner().register(owned, new Dropped(requester, opened));
    }

    private static synchronized Cleaner cleaner() {
        Cleaner made = cleaner;
        if (made == null) {
            made = Cleaner.create();
            cleaner = made;
        }
        return made;
    }

    private synchronized void add(Dropped one) {
        dropped.add(one);
        if (running) {
            return;
        }
        Thread thread = new Thread(null, this, NAME, 0, false);
        thread.setDaemon(true);
        thread.start(); // if the system refuses it, the next one that is dropped tries again
        running = true;
    }

    @Override
    public void run() {
        long pause = SHORTEST_PAUSE_MILLIS;
        for (int count = count(); count > 0; count = count()) {
            boolean anyOver = false;
            for (int i = 0; i < count; i++) {
                anyOver |= closeOldest();
            }
            pause = anyOver ? SHORTEST_PAUSE_MILLIS : Math.min(2 * pause, LONGEST_PAUSE_MILLIS);
            pause(pause);
        }
    }

    /** {@return how many there are; with none, the thread is to end} */
    private synchronized int count() {
        running = !dropped.isEmpty();
        return dropped.size();
    }

    private boolean closeOldest() {
        Dropped oldest = poll();
        boolean over = oldest == null || oldest.isOver();
        if (oldest != null && !over) {
            putBack(oldest);
        }
        return over;
    }

    private synchronized @Nullable Dropped poll() {
        return dropped.poll();
    }

    private synchronized void putBack(Dropped one) {
        dropped.add(one);
    }

    private static void pause(long millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            // By a listener or a logger that ran on this thread. No one else waits here.
        }
    }

    /** A requester whose owner is gone: the cleaner runs this then, or {@link OwnedRequester#close} before. */
    private static final class Dropped implements Runnable {
        private static final Logger LOG = LoggerFactory.getLogger(DroppedRequesters.class);

        private final EngineRequester requester;
        private final @Nullable Throwable opened;
        private boolean reported;
        private long delivered = -1;
        private long deliveredNanos;

        Dropped(EngineRequester requester, @Nullable Throwable opened) {
            this.requester = requester;
            this.opened = opened;
        }

        @Override
        public void run() {
            if (requester.isOpen()) {
                ALL.add(this); // closing may take long, and the cleaner has others to clean
            }
        }

        /** {@return whether nothing is to be done any more} Closes the requester if it owes nothing. */
        boolean isOver() {
            report();
            if (owesOutcomes()) {
                return false;
            }
            try {
                requester.close();
            } catch (RuntimeException | Error e) {
                requester.failures.report(e);
            }
            return true;
        }

        private void report() {
            if (reported) {
                return;
            }
            reported = true;
            try {
                LOG.warn(
                        "{}: a requester of {} was dropped without close(); it is closed once its last request has"
                                + " ended; {}",
                        requester.name(),
                        requester.provider(),
                        opened == null ? "to see where it was opened, set -D" + PROPERTY + "=true" : "opened here:",
                        opened);
            } catch (RuntimeException | Error e) {
                return; // what the log cannot say must be closed all the same
            }
        }

        private boolean owesOutcomes() {
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
