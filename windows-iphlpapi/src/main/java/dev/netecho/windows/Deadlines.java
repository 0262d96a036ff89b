// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.spi.DeadlineWheel;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Who still waits for an outcome, and until when. Not thread-safe. */
final class Deadlines {
    private static final int FIRST_CAPACITY = 256;

    private final DeadlineWheel wheel;
    private final List<@Nullable InFlight> waiting = new ArrayList<>();
    private final Deque<Integer> free = new ArrayDeque<>();

    Deadlines(long nowNanos) {
        this.wheel = new DeadlineWheel(FIRST_CAPACITY, nowNanos);
    }

    void add(InFlight echo, long deadlineNanos) {
        Integer slot = free.poll();
        if (slot == null) {
            slot = waiting.size();
            waiting.add(echo);
            if (slot >= wheel.capacity()) {
                wheel.grow(2 * wheel.capacity());
            }
        } else {
            waiting.set(slot, echo);
        }
        echo.slot = slot;
        if (wheel.armed() == 0) {
            wheel.advance(System.nanoTime());
        }
        wheel.arm(slot, deadlineNanos);
    }

    /** Forgets one that has its outcome; without effect if it is forgotten already. */
    void remove(InFlight echo) {
        if (echo.slot != InFlight.NOT_WAITING) {
            wheel.disarm(echo.slot);
            release(echo);
        }
    }

    /** {@return one whose deadline has come, or null} */
    @Nullable
    InFlight expired(long nowNanos) {
        int slot = wheel.expired(nowNanos);
        if (slot < 0) {
            return null;
        }
        InFlight echo = waiting.get(slot);
        if (echo != null) {
            release(echo);
        }
        return echo;
    }

    /** {@return when {@link #expired} has to be asked again; {@link Long#MAX_VALUE} if nobody waits} */
    long nextNanos() {
        return wheel.nextNanos();
    }

    /** Forgets those whose callers have left. */
    void removeDone() {
        forEach(echo -> {
            if (echo.pending.isDone()) {
                remove(echo);
            }
        });
    }

    /** Forgets everybody, and tells {@code last} of each. */
    void removeAll(Consumer<InFlight> last) {
        forEach(echo -> {
            remove(echo);
            last.accept(echo);
        });
    }

    private void forEach(Consumer<InFlight> action) {
        for (InFlight echo : new ArrayList<>(waiting)) {
            if (echo != null) {
                action.accept(echo);
            }
        }
    }

    private void release(InFlight echo) {
        waiting.set(echo.slot, null);
        free.push(echo.slot);
        echo.slot = InFlight.NOT_WAITING;
    }
}
