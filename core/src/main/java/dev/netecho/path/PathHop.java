// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.IcmpExtension;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * One hop of a path: who answers the requests whose hop limit runs out there.
 *
 * @param distance the hop limit, 1 or more
 * @param responders who answered, the latest first; several where routers share the traffic or the path changed. Empty
 *     for a hop that is silent. At most {@value #MOST_RESPONDERS}
 * @param sent requests that were sent and have their outcome
 * @param answered how many of them were answered
 * @param limited how many of the others were followed, in the same round, by an answer of a later hop: the packet was
 *     forwarded, and only this hop's answer is missing. Routers limit their errors (SPEC ERR-5)
 * @param droppedLocally how many of the others may have been lost on this host
 *     ({@link dev.netecho.EchoOutcome.TimedOut#localDropsSuspected})
 * @param notSent requests that this host did not send, beside those that were {@code sent}. They say nothing about the
 *     hop; {@link PathReport#notSent} has the reasons
 * @param roundTrips of the answers; empty if there are none
 * @param extensions what the latest responder added to its error, such as MPLS labels; empty if that was nothing
 *     ({@link dev.netecho.EchoOutcome.IcmpError#extensions})
 */
public record PathHop(
        int distance,
        List<InetAddress> responders,
        int sent,
        int answered,
        int limited,
        int droppedLocally,
        int notSent,
        Optional<RoundTrips> roundTrips,
        List<IcmpExtension> extensions) {
    /** The most responders that a hop names. */
    public static final int MOST_RESPONDERS = 16;

    /** Copies the lists, and checks for null. */
    public PathHop {
        responders = List.copyOf(responders);
        Objects.requireNonNull(roundTrips, "roundTrips");
        extensions = List.copyOf(extensions);
    }

    /**
     * {@return the share of requests that were lost, 0 to 1} What a later hop shows not to be lost is not counted, nor
     * is what this host may have dropped. The loss of the last hop of a path is the loss of the path.
     */
    public double loss() {
        int judged = sent - limited - droppedLocally;
        return judged == 0 ? 0 : (double) (judged - answered) / judged;
    }

    /** {@return whether this hop answers less often than it forwards} */
    public boolean limitsErrors() {
        return limited > 0;
    }
}
