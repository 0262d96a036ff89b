// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import java.util.List;

/** The library's own event loop beside a lent one of Netty. */
final class LentLoop implements Experiment {
    @Override
    public String name() {
        return "lent-loop";
    }

    @Override
    public String question() {
        return "How does the library's own event loop compare with a lent one of Netty?";
    }

    @Override
    public void run(Session session) throws Exception {
        int echoes = session.quick() ? 50 : 200;
        for (String provider : List.of("linux-datagram", "linux-raw")) {
            PairedTurns turns = PairedTurns.of(PairedTurns.output(
                    session,
                    session.java(
                            List.of("-Xmx256m"),
                            LentLoopTurns.class,
                            provider,
                            Double.toString(session.seconds()),
                            Integer.toString(session.pairs()),
                            Integer.toString(echoes),
                            Integer.toString(echoes))));
            String prefix = provider.replace("linux-", "own_to_lent_loop_");
            session.figures().add(prefix + "_rate_ratio", turns.ratios("own_rate", "lent_rate"));
            session.figures().add(prefix + "_cpu_ratio", turns.ratios("own_cpu", "lent_cpu"));
            session.figures().add(prefix + "_quiet_send_ratio", turns.ratios("own_quiet", "lent_quiet"));
            session.figures().add(prefix + "_own_late_us", turns.spread("own_late"));
            session.figures().add(prefix + "_lent_late_us", turns.spread("lent_late"));
        }
    }
}
