// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.AnswerFacts;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.SlotTable;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.spi.PendingEcho;
import org.jspecify.annotations.Nullable;

/** The slot that an answer names, and what that says about the answer. One object serves all answers of a loop. */
final class FoundSlot {
    private final KernelClock clock;

    /** What the slot says is in them; the data and the addresses of the answer follow. */
    final AnswerFacts facts = new AnswerFacts();

    private int slot;
    private @Nullable PendingEcho echo;
    private long arrival;

    FoundSlot(KernelClock clock) {
        this.clock = clock;
    }

    /**
     * {@return whether a request has the slot, or had it lately} A number that names no slot has no facts to look up.
     *
     * @param named the slot, or {@link SlotTable#NONE}
     * @param stamp the kernel's stamp of the answer, 0 if it has none
     */
    boolean find(InFlight inFlight, int named, long stamp, long now) {
        SlotTable slots = inFlight.slots();
        SlotState state = slots.state(named);
        if (state == SlotState.FREE) {
            return false;
        }
        slot = named;
        echo = state == SlotState.SENT ? slots.pending(named) : null;
        facts.of(state).expectedToken(slots.token(named)).earlierToken(slots.earlierToken(named));
        arrival = KernelClock.UNUSABLE;
        if (echo != null) {
            arrival = clock.nanoTime(stamp, slots.calledNanos(named), now);
            facts.late(inFlight.isLate(named, isStamped() ? arrival : now));
        }
        return true;
    }

    int slot() {
        return slot;
    }

    /** {@return the request in flight in the slot; null if none is} */
    @Nullable
    PendingEcho echo() {
        return echo;
    }

    /** {@return that request, which this object forgets, because it outlives the request} */
    @Nullable
    PendingEcho takeEcho() {
        PendingEcho taken = echo;
        echo = null;
        return taken;
    }

    /** {@return when the answer arrived, or {@link KernelClock#UNUSABLE}} */
    long arrival() {
        return arrival;
    }

    /** {@return whether the kernel says when the answer arrived} */
    boolean isStamped() {
        return arrival != KernelClock.UNUSABLE;
    }
}
