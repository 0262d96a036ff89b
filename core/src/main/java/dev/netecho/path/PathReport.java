// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a {@link PathTrace} found.
 *
 * @param destination where the path leads
 * @param end how it ends
 * @param why the outcome that {@link PathEnd#UNREACHABLE} or {@link PathEnd#NOT_SENT} is based on; otherwise empty
 * @param hops from the first to the last that answered; silent ones between them are there, with no responder
 * @param rounds how many rounds were completed, 0 if the trace was cancelled within the first
 * @param changes how often another router than before answered at a hop, or the length of the path changed
 * @param notSent how many requests this host did not send, by the reason, to whichever hop; empty if it sent all. They
 *     say nothing about the path
 * @param reverseDistance the number of hops that the destination's last reply came along. It is guessed from its hop
 *     limit, because systems begin with 64, 128 or 255. Empty if there is no reply, or the system hides the hop limit
 */
public record PathReport(
        InetAddress destination,
        PathEnd end,
        Optional<EchoOutcome> why,
        List<PathHop> hops,
        int rounds,
        int changes,
        Map<NotSentReason, Integer> notSent,
        OptionalInt reverseDistance) {
    /** Copies list and map, and checks for null. */
    public PathReport {
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(end, "end");
        Objects.requireNonNull(why, "why");
        hops = List.copyOf(hops);
        notSent = Map.copyOf(notSent);
        Objects.requireNonNull(reverseDistance, "reverseDistance");
    }

    /** {@return whether the destination answered} */
    public boolean isReached() {
        return end == PathEnd.REACHED;
    }
}
