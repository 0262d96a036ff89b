// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a run sends what.
 *
 * @param count how many requests each target gets; with a deadline, how many replies are wanted of it
 * @param interval between two requests to one target; with bursts, from the start of one to that of the next
 * @param burst how many requests to a target are one burst; 1 for no bursts
 * @param adaptive whether the next round begins as soon as the last one has ended
 * @param shortest between two rounds that are adaptive
 * @param preload how many rounds begin at once
 * @param deadline when the run ends; null for no bound
 * @param cutsTimeouts whether no timeout is later than the deadline; else the last requests keep theirs
 * @param tellsOutstanding whether to say so if a request leaves before the last one has an outcome
 */
record PingPlan(
        long count,
        Duration interval,
        int burst,
        boolean adaptive,
        Duration shortest,
        int preload,
        @Nullable Duration deadline,
        boolean cutsTimeouts,
        boolean tellsOutstanding) {
    /** {@return how many rounds there are at most} Until its deadline a run keeps asking for the replies it wants. */
    long rounds() {
        return deadline == null ? count : Long.MAX_VALUE;
    }

    /** {@return how many replies of a target are enough; {@link Long#MAX_VALUE} if only the rounds count} */
    long repliesWanted() {
        return deadline == null ? Long.MAX_VALUE : count;
    }
}
