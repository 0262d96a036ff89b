// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.packet.IcmpTypes;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.SplittableRandom;

/**
 * What a simulated host does with each echo request: any function, or one of those made here.
 *
 * <pre>{@code
 * SimulatedHost nightly = echo -> {              // down from the third hour to the fourth
 *     if (echo.elapsed().toHours() != 3) {
 *         echo.reply(Duration.ofMillis(20));
 *     }
 * };
 * }</pre>
 */
@FunctionalInterface
public interface SimulatedHost {
    /**
     * Answers a request, several times, or not at all. Called in virtual time, never twice at once.
     *
     * @param echo the request, which takes the answers
     */
    void answer(SimulatedEcho echo);

    /** {@return a host that never answers} */
    static SimulatedHost silent() {
        return echo -> {};
    }

    /**
     * {@return a host that answers}
     *
     * @param roundTrip after how long, zero or more
     */
    static SimulatedHost up(Duration roundTrip) {
        Objects.requireNonNull(roundTrip, "roundTrip");
        return echo -> echo.reply(roundTrip);
    }

    /**
     * {@return a host that a router reports as unreachable: 3/1 of RFC 792, 1/3 of RFC 4443}
     *
     * @param router the router, of the hosts' family
     * @param roundTrip after how long, zero or more
     */
    static SimulatedHost unreachable(InetAddress router, Duration roundTrip) {
        return router instanceof Inet4Address
                ? failing(router, IcmpTypes.V4_DESTINATION_UNREACHABLE, 1, roundTrip)
                : failing(router, IcmpTypes.V6_DESTINATION_UNREACHABLE, 3, roundTrip);
    }

    /**
     * {@return a host for which a router sends an ICMP error}
     *
     * @param router who sends it, of the hosts' family
     * @param type ICMP type, 0 to 255
     * @param code ICMP code, 0 to 255
     * @param roundTrip after how long, zero or more
     */
    static SimulatedHost failing(InetAddress router, int type, int code, Duration roundTrip) {
        Objects.requireNonNull(router, "router");
        Objects.requireNonNull(roundTrip, "roundTrip");
        return echo -> echo.error(router, type, code, roundTrip);
    }

    /**
     * {@return the same host behind a path that loses requests at random, the same ones for the same seed}
     *
     * @param share how many, 0.0 (none) to 1.0 (all)
     * @param seed chooses which
     */
    default SimulatedHost losing(double share, long seed) {
        if (!(share >= 0 && share <= 1)) {
            throw new IllegalArgumentException("share is " + share + "; it must be 0.0 to 1.0");
        }
        SplittableRandom random = new SplittableRandom(seed);
        return echo -> {
            if (random.nextDouble() >= share) {
                answer(echo);
            }
        };
    }

    /**
     * {@return the same host, which answers each request several times}
     *
     * @param copies further answers, zero or more
     */
    default SimulatedHost duplicating(int copies) {
        if (copies < 0) {
            throw new IllegalArgumentException("copies is " + copies + "; it must be 0 or more");
        }
        return echo -> {
            for (int i = 0; i <= copies; i++) {
                answer(echo);
            }
        };
    }
}
