// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.backend.DeadlineWheel;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The requests that wait for an outcome, and their deadlines. Only {@link #reserve} allocates. Not thread-safe, except
 * {@link #forEach}.
 */
final class Deadlines {
    private static final int FIRST_CAPACITY = 256;

    private final DeadlineWheel wheel;
    private volatile AtomicReferenceArray<@Nullable PendingCall> waiting = new AtomicReferenceArray<>(FIRST_CAPACITY);

    /** The entries below {@link #used} that are free. */
    private int[] free = new int[FIRST_CAPACITY];

    private int frees;
    private int used;

    Deadlines(long nowNanos) {
        this.wheel = new DeadlineWheel(FIRST_CAPACITY, nowNanos);
    }

    /** Makes room for one more. Call it before the system: what the system has needs a deadline. */
    void reserve() {
        AtomicReferenceArray<@Nullable PendingCall> now = waiting;
        if (frees == 0 && used == now.length()) {
            int capacity = 2 * used;
            // Memory may run out between two of them: nothing changes until all are there.
            AtomicReferenceArray<@Nullable PendingCall> moreWaiting = new AtomicReferenceArray<>(capacity);
            for (int i = 0; i < used; i++) {
                moreWaiting.setPlain(i, now.getPlain(i));
            }
            int[] moreFree = Arrays.copyOf(free, capacity);
            wheel.grow(capacity);
            waiting = moreWaiting;
            free = moreFree;
        }
    }

    /** Takes the room that was {@linkplain #reserve reserved}. */
    void add(PendingCall echo, long deadlineNanos) {
        int slot = frees > 0 ? free[--frees] : used++;
        waiting.setRelease(slot, echo);
        echo.slot = slot;
        if (wheel.armed() == 0) {
            wheel.advance(System.nanoTime());
        }
        wheel.arm(slot, deadlineNanos);
    }

    /** Forgets one that has its outcome; without effect if it is already forgotten. */
    void remove(PendingCall echo) {
        if (echo.slot != PendingCall.NOT_WAITING) {
            wheel.disarm(echo.slot);
            release(echo);
        }
    }

    /** {@return one whose deadline has come, or null} */
    @Nullable
    PendingCall expired(long nowNanos) {
        int slot = wheel.expired(nowNanos);
        if (slot < 0) {
            return null;
        }
        PendingCall echo = waiting.getPlain(slot);
        if (echo != null) {
            release(echo);
        }
        return echo;
    }

    /** {@return when to call {@link #expired} again; {@link Long#MAX_VALUE} if no request waits} */
    long nextNanos() {
        return wheel.nextNanos();
    }

    /** Forgets those that are done. */
    void removeDone() {
        for (int i = 0; i < used; i++) {
            PendingCall echo = waiting.getPlain(i);
            if (echo != null && echo.pending.isDone()) {
                remove(echo);
            }
        }
    }

    /** Visits every request that waits for the whole call; from any thread. */
    void forEach(Consumer<PendingCall> action) {
        AtomicReferenceArray<@Nullable PendingCall> now = waiting;
        for (int i = 0; i < now.length(); i++) {
            PendingCall echo = now.get(i);
            if (echo != null) {
                action.accept(echo);
            }
        }
    }

    private void release(PendingCall echo) {
        waiting.setRelease(echo.slot, null);
        free[frees++] = echo.slot;
        echo.slot = PendingCall.NOT_WAITING;
    }
}
