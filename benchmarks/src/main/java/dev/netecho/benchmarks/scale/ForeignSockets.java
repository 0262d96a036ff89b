// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.util.List;

/**
 * Whether the ICMP sockets of other programs slow datagram sockets down.
 *
 * <p>Datagram sockets must not. Raw sockets do, whoever sends: raw_local_deliver() of Linux makes each of them a copy
 * of every ICMP packet, in the sender's context on loopback, and the C reference suffers alike; so that figure has no
 * goal.
 */
final class ForeignSockets implements Experiment {
    /** Below the usual limit of 1,024 descriptors of a process. */
    private static final int SOCKETS = 900;

    @Override
    public String name() {
        return "foreign-sockets";
    }

    @Override
    public String question() {
        return "How fast is linux-datagram on a host with " + SOCKETS
                + " open ICMP sockets, compared with one without?";
    }

    @Override
    public void run(Session session) throws Exception {
        Spread datagram = measure(session, false);
        session.figures().goal("foreign_datagram_sockets_rate_ratio", datagram, Comparison.AT_LEAST, 0.9);
        if (session.quick()) {
            return; // the other figure has no goal
        }
        session.figures().add("foreign_raw_sockets_rate_ratio", measure(session, true));
    }

    private static Spread measure(Session session, boolean raw) throws Exception {
        String output = PairedTurns.output(
                session,
                session.java(
                        List.of(),
                        ForeignSocketTurns.class,
                        Double.toString(session.seconds()),
                        Integer.toString(session.pairs()),
                        Integer.toString(SOCKETS),
                        Boolean.toString(raw)));
        return PairedTurns.of(output).ratios("crowded", "alone");
    }
}
