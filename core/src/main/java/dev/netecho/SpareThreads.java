// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Delivers what must hold up no other thread: outcomes of listeners that keep sending again, and outcomes that are
 * undelivered when a requester closes. The process has one such daemon thread, which ends when it has nothing to do.
 * Another one takes over while a listener blocks it.
 */
final class SpareThreads implements Runnable {
    static final String NAME = "netecho-deliveries";

    /**
     * Each listener that blocks for good takes one. Once the listeners of a requester have taken so many, no more of
     * its outcomes are delivered here until one returns.
     */
    static final int MOST_EACH = 512;

    /** The same for all requesters together. */
    private static final int MOST = 4_096;

    private static final long IDLE_MILLIS = 500;
    private static final long BLOCKED_MILLIS = 10;
    private static final int MEMORY_ATTEMPTS = 2_000;
    private static final long MEMORY_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(5);
    private static final SpareThreads ALL = new SpareThreads();

    private @Nullable Delivery first;
    private @Nullable Delivery last;
    private int threads;

    /** Of these, the ones that have not asked for a delivery yet, and those that wait for one. */
    private int starting;

    private int waiting;

    /** The thread that took the last one and still delivers it. It alone may take the next, until it takes too long. */
    private @Nullable Thread busy;

    private long busySince;

    private SpareThreads() {}

    /** Initializes the class while there is memory: if that fails once, it never works again (JVMS 5.5). */
    static void load() {
        // the call does it
    }

    /**
     * Delivers an outcome that the caller has taken, soon. If the system refuses a thread, delivers it at once on this
     * one.
     */
    static void deliver(Delivery delivery) {
        if (!ALL.add(delivery)) {
            delivery.callListener();
        }
    }

    /**
     * As {@link #deliver}, but before all others, and whatever this thread delivers now: the caller waits for it. If
     * the system refuses a thread, does nothing.
     *
     * @return whether there is a thread
     */
    static boolean deliverFirst(Delivery delivery) {
        return ALL.addFirst(delivery);
    }

    private synchronized boolean addFirst(Delivery delivery) {
        busy = null;
        if (!hasTaker()) {
            return false;
        }
        putFirst(delivery);
        return true;
    }

    private void putFirst(Delivery delivery) {
        delivery.after = first;
        first = delivery;
        if (last == null) {
            last = delivery;
        }
    }

    private synchronized boolean add(Delivery delivery) {
        if (!hasTaker() && threads < MOST) {
            return false; // the system refuses a thread
        }
        delivery.after = null;
        if (last == null) {
            first = delivery;
        } else {
            last.after = delivery;
        }
        last = delivery;
        return true;
    }

    /**
     * Has a thread stand by: the one that is busy may block from now on.
     *
     * @return false if no thread is there to take what is added
     */
    private boolean hasTaker() {
        if (waiting > 0) {
            notify();
            return true;
        }
        return starting > 0 || (threads < MOST && start()) || (busy != null && !isBlocked());
    }

    private boolean start() {
        try {
            Thread thread = new Thread(null, this, NAME, 0, false);
            thread.setDaemon(true);
            thread.start();
            threads++;
            starting++;
            return true;
        } catch (OutOfMemoryError e) { // the system refuses a thread
            return false;
        }
    }

    private boolean isBlocked() {
        return busy != null && System.nanoTime() - busySince > TimeUnit.MILLISECONDS.toNanos(BLOCKED_MILLIS);
    }

    @Override
    public void run() {
        boolean isSpare = becomeSpare();
        synchronized (this) {
            starting--;
            if (!isSpare) {
                // If a thread that has ended were counted, every later outcome would wait.
                threads--;
                return;
            }
        }
        for (Delivery next = take(); next != null; next = take()) {
            try {
                DeliveryTurn.current().deliverTaken(next);
            } catch (Throwable t) {
                // Of the bookkeeping, for lack of memory: the next one is still owed.
                next.requester().failures.report(t);
            }
            returned(next.requester());
        }
    }

    /** {@return false if there was no memory for a long time: the next outcome has another thread started} */
    private boolean becomeSpare() {
        for (int i = 0; i < MEMORY_ATTEMPTS; i++) {
            try {
                DeliveryTurn.beSpare();
                return true;
            } catch (OutOfMemoryError e) {
                LockSupport.parkNanos(MEMORY_PAUSE_NANOS);
            }
        }
        return false;
    }

    /** {@return what the calling thread delivers next; null if it is to end} */
    @SuppressWarnings("ReferenceEquality") // a thread is itself and no other
    private synchronized @Nullable Delivery take() {
        if (busy == Thread.currentThread()) {
            busy = null;
        }
        long idleUntil = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(IDLE_MILLIS);
        Delivery taken = head();
        while (taken == null || (busy != null && !isBlocked())) {
            if (taken == null && System.nanoTime() - idleUntil > 0) {
                threads--;
                return null;
            }
            waiting++;
            try {
                wait(taken == null ? IDLE_MILLIS : BLOCKED_MILLIS);
            } catch (InterruptedException e) {
                // A listener has interrupted its own thread. No one else waits here, and no one is owed the interrupt.
            } finally {
                waiting--;
            }
            taken = head();
        }
        first = taken.after;
        taken.after = null;
        if (first == null) {
            last = null;
        } else if (waiting == 0 && starting == 0 && threads < MOST) {
            start(); // stands by in case this one blocks
        }
        taken.requester().spareThreads++;
        busy = Thread.currentThread();
        busySince = System.nanoTime();
        return taken;
    }

    /** {@return the next, null if none} What belongs to a requester that has its share of threads waits apart. */
    private @Nullable Delivery head() {
        for (Delivery next = first; next != null; next = first) {
            EngineRequester requester = next.requester();
            if (requester.spareThreads < MOST_EACH) {
                return next;
            }
            first = next.after;
            next.after = null;
            if (first == null) {
                last = null;
            }
            if (requester.lastAside == null) {
                requester.firstAside = next;
            } else {
                requester.lastAside.after = next;
            }
            requester.lastAside = next;
        }
        return null;
    }

    /** One thread of a requester is free again: so is the next that waits apart. */
    private synchronized void returned(EngineRequester requester) {
        requester.spareThreads--;
        Delivery aside = requester.firstAside;
        if (aside != null) {
            requester.firstAside = aside.after;
            if (requester.firstAside == null) {
                requester.lastAside = null;
            }
            putFirst(aside);
        }
    }
}
