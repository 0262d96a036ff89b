// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.time.Duration;
import java.util.Objects;
import java.util.OptionalLong;

/**
 * What a requester has counted since it was opened: a snapshot, immutable.
 *
 * <p>{@code sent = replies + icmpErrors + timedOut + abandoned + inFlight} in every snapshot. The other values may be a
 * few requests apart while requests complete. A counter that the system hides is empty, not zero.
 *
 * @param sent requests handed to the operating system
 * @param replies {@link EchoOutcome.Reply} outcomes
 * @param icmpErrors {@link EchoOutcome.IcmpError} outcomes
 * @param timedOut {@link EchoOutcome.TimedOut} outcomes
 * @param notSent {@link EchoOutcome.NotSent} outcomes, all reasons
 * @param abandoned those of {@code notSent} that had been sent before they were cancelled or the requester was closed
 * @param inFlight requests handed to the system and not completed
 * @param queued requests accepted and not yet handed to the system
 * @param queueTime how long a recent request waited to be handed to the system, for whatever reason; or how long one
 *     has waited by now, if that is longer. Part of neither timeout nor round trip (SPEC TIM-1)
 * @param paceTime for how long in total sending paused for {@link EchoRequester.Builder#maxRate} alone
 * @param duplicates further replies to a request that had its reply
 * @param late answers that came after the request had ended without one
 * @param altered answers whose data was not what was sent
 * @param wrongSource answers to a live request from an address that was not asked
 * @param unmatched packets that belong to no request: forged, malformed or another program's
 * @param droppedLocally packets the kernel dropped because the requester's receive buffer was full
 */
public record EchoStatistics(
        long sent,
        long replies,
        long icmpErrors,
        long timedOut,
        long notSent,
        long abandoned,
        long inFlight,
        long queued,
        Duration queueTime,
        Duration paceTime,
        OptionalLong duplicates,
        OptionalLong late,
        OptionalLong altered,
        OptionalLong wrongSource,
        OptionalLong unmatched,
        OptionalLong droppedLocally) {
    /** Checks for null. */
    public EchoStatistics {
        Objects.requireNonNull(queueTime, "queueTime");
        Objects.requireNonNull(paceTime, "paceTime");
        Objects.requireNonNull(duplicates, "duplicates");
        Objects.requireNonNull(late, "late");
        Objects.requireNonNull(altered, "altered");
        Objects.requireNonNull(wrongSource, "wrongSource");
        Objects.requireNonNull(unmatched, "unmatched");
        Objects.requireNonNull(droppedLocally, "droppedLocally");
    }
}
