// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.backend.SlotState;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Identifiers and sequence numbers in use, and those that rest: a number is remembered for a minute after its request
 * ended, so that a late answer finds it and no other request (SPEC MAT-3).
 */
final class Slots {
    /** Identifiers of one engine: enough for the most requests that core allows in flight. */
    private static final int IDENTIFIERS = 128;

    private static final int KEYS = IDENTIFIERS << 16;
    private static final long REST_NANOS = Duration.ofMinutes(1).toNanos();

    /** The first of the identifiers, which cannot be guessed (SPEC MAT-5). */
    private final int firstIdentifier = new SecureRandom().nextInt((1 << 16) - IDENTIFIERS);

    private final Map<Integer, Slot> slots = new HashMap<>();
    private final Deque<Slot> resting = new ArrayDeque<>();
    private int next;

    /** {@return a free number, or -1 if there is none} */
    int freeKey(long now) {
        forgetRested(now);
        for (int i = 0; i < KEYS; i++) {
            int key = next;
            next = (next + 1) % KEYS;
            if (!slots.containsKey(key)) {
                return key;
            }
        }
        return -1;
    }

    void put(Slot slot) {
        slots.put(slot.key, slot);
    }

    @Nullable
    Slot get(int key) {
        return slots.get(key);
    }

    /** {@return the slot that an answer names, or null if there is none} */
    @Nullable
    Slot find(int identifier, int sequence) {
        int which = identifier - firstIdentifier;
        return which >= 0 && which < IDENTIFIERS ? get(which << 16 | sequence) : null;
    }

    int identifier(int key) {
        return firstIdentifier + (key >>> 16);
    }

    static int sequence(int key) {
        return key & 0xffff;
    }

    /** Frees the slot; its number rests. */
    void end(Slot slot, SlotState state, long now) {
        resting.add(slot); // first: it may take memory
        slot.state = state;
        slot.endedNanos = now;
    }

    /** {@return those that are in use or rest} */
    Collection<Slot> all() {
        return slots.values();
    }

    private void forgetRested(long now) {
        Slot oldest = resting.peek();
        while (oldest != null && now - oldest.endedNanos > REST_NANOS) {
            slots.remove(oldest.key, oldest);
            resting.remove();
            oldest = resting.peek();
        }
    }
}
