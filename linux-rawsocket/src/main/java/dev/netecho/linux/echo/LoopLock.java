// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Guards what belongs to an event loop: slots, queues, deadlines. The loop holds the lock while it works, and releases
 * it around user code and while it sleeps. So a thread that closes a requester can take its requests out while a
 * listener blocks the loop.
 *
 * <p>No thread runs user code or waits while holding the lock. It is not reentrant. To release it and to take it again
 * costs the loop one compare-and-set for each outcome; a lock of java.util.concurrent costs more than twice as much.
 */
final class LoopLock {
    private static final int FREE = 0;
    private static final int HELD = 1;
    private static final int SPINS = 200;
    private static final long PAUSE_NANOS = 50_000;

    /** How often the loop makes way for a thread that wants the lock, before it takes the lock again. */
    private static final int COURTESIES = 20;

    private static final VarHandle STATE;

    static {
        try {
            STATE = MethodHandles.lookup().findVarHandle(LoopLock.class, "state", int.class);
        } catch (ReflectiveOperationException e) {
            throw new ExceptionInInitializerError(e);
        }
    }

    @SuppressWarnings("UnusedVariable") // read and written through STATE
    private volatile int state;

    private final AtomicInteger waiting = new AtomicInteger();

    /** Written by its holder only; another thread may read a stale value, but never itself. */
    private @Nullable Thread holder;

    /** Takes the lock; waits only for a thread that takes requests out, which is soon done. */
    void lock() {
        if (!STATE.compareAndSet(this, FREE, HELD)) {
            lockSlowly();
        }
        holder = Thread.currentThread();
    }

    private void lockSlowly() {
        for (int spins = 0; !STATE.compareAndSet(this, FREE, HELD); spins++) {
            if (spins < SPINS) {
                Thread.onSpinWait();
            } else {
                LockSupport.parkNanos(PAUSE_NANOS);
            }
        }
    }

    /** Takes the lock from a loop that may be in the middle of a round, which soon ends then. */
    void lockFromOutside() {
        waiting.incrementAndGet();
        try {
            lock();
        } finally {
            waiting.decrementAndGet();
        }
    }

    /**
     * Takes the lock after those that wait in {@link #tryLock(long)} or {@link #lockFromOutside}: for the loop, which
     * would nearly always be faster.
     */
    void lockPolitely() {
        for (int i = 0; i < COURTESIES && waiting.get() > 0; i++) {
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        lock();
    }

    /** {@return whether the lock was free and is held now} */
    boolean tryLock() {
        boolean taken = STATE.compareAndSet(this, FREE, HELD);
        if (taken) {
            holder = Thread.currentThread();
        }
        return taken;
    }

    /** {@return whether the lock could be taken within some nanoseconds} */
    boolean tryLock(long nanos) {
        long end = System.nanoTime() + nanos;
        waiting.incrementAndGet();
        try {
            boolean taken = tryLock();
            while (!taken && System.nanoTime() - end < 0) {
                LockSupport.parkNanos(PAUSE_NANOS);
                taken = tryLock();
            }
            return taken;
        } finally {
            waiting.decrementAndGet();
        }
    }

    /** {@return whether a thread waits for the lock: then the loop's round should end} */
    boolean isWanted() {
        return waiting.get() > 0;
    }

    @SuppressWarnings("ReferenceEquality") // a thread is itself and no other
    boolean isHeldByMe() {
        return holder == Thread.currentThread();
    }

    void unlock() {
        holder = null;
        STATE.setRelease(this, FREE);
    }
}
