// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.EchoOutcome;
import java.net.InetAddress;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What a {@link PathMtu} found. All sizes are those of IP packets, with their IP and ICMP headers, in bytes.
 *
 * @param destination where the path leads
 * @param mtu the largest packet that arrived in one piece; 0 if none did
 * @param limit what keeps larger ones from arriving
 * @param toldBy the router that said so; empty unless {@code limit} is {@link PathMtuLimit#TOLD}
 * @param distance how many hops away it is, or for a {@link PathMtuLimit#BLACK_HOLE} the last hop that larger packets
 *     still reach; empty where that is not known
 * @param lost the smallest packet that vanished; empty unless some did
 * @param why the outcome that {@code limit} is based on; empty for {@link PathMtuLimit#NONE}
 * @param sent how many packets were sent, without those that were sent to find the distance
 */
public record PathMtuReport(
        InetAddress destination,
        int mtu,
        PathMtuLimit limit,
        Optional<InetAddress> toldBy,
        OptionalInt distance,
        OptionalInt lost,
        Optional<EchoOutcome> why,
        int sent) {
    /** Checks for null. */
    public PathMtuReport {
        Objects.requireNonNull(destination, "destination");
        Objects.requireNonNull(limit, "limit");
        Objects.requireNonNull(toldBy, "toldBy");
        Objects.requireNonNull(distance, "distance");
        Objects.requireNonNull(lost, "lost");
        Objects.requireNonNull(why, "why");
    }
}
