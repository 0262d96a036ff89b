// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoOutcome;
import java.net.InetAddress;

/**
 * Receives what a {@link PathTrace} finds, as it finds it. Calls come one at a time, in order, on the requester's
 * thread or on one of {@link java.util.concurrent.ForkJoinPool#commonPool}. They must not block. What they throw is
 * logged and changes nothing. All methods do nothing by default.
 */
public interface PathListener {
    /**
     * A hop has its outcome. In each round hops come in the order of their distance, up to the end of the path.
     *
     * @param round the round, 1 or more
     * @param distance the hop limit
     * @param outcome what became of the request
     */
    default void onHop(int round, int distance, EchoOutcome outcome) {}

    /**
     * A router that has not answered at this hop before answers now.
     *
     * @param round the round
     * @param distance the hop limit
     * @param before who answered last
     * @param now who answers now
     */
    default void onChange(int round, int distance, InetAddress before, InetAddress now) {}

    /**
     * The destination, or the router that says it cannot be reached, is at another distance than before.
     *
     * @param round the round
     * @param before the distance before
     * @param now the distance now
     */
    default void onLength(int round, int before, int now) {}

    /**
     * A round is complete.
     *
     * @param report what is known now
     */
    default void onRound(PathReport report) {}
}
