// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.spi.EchoCounters;

/** Notices that the loop's thread was kept from its work, from two clock readings a round. Belongs to that thread. */
final class Stalls {
    private static final long NEVER = Long.MAX_VALUE;

    private final Outcomes outcomes;
    private long due = NEVER;
    private long late;
    private long begun;

    Stalls(Outcomes outcomes) {
        this.outcomes = outcomes;
    }

    /** A round begins: later than the timer, if the system, the process or another user of the loop was in the way. */
    void begin(long now) {
        begun = now;
        late = due == NEVER ? 0 : now - due;
        due = NEVER; // a round that fails sets none
    }

    /**
     * A round ends. It takes long if a listener did.
     *
     * @param next when the timer is to wake the loop; {@link Long#MAX_VALUE} for never
     */
    void end(long now, long next) {
        due = next == NEVER || next - now > 0 ? next : now;
        long held = Math.max(late, now - begun);
        if (held >= EchoCounters.SHORTEST_STALL_NANOS) {
            outcomes.held(held);
        }
    }
}
