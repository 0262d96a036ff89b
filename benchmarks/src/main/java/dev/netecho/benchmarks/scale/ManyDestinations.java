// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.util.List;

/** Whether an echo costs more when there are many targets. */
final class ManyDestinations implements Experiment {
    private static final int FEW = 10;
    private static final List<Integer> MANY = List.of(1_000, 100_000);
    private static final double MOST_RATIO = 1.10;

    @Override
    public String name() {
        return "many-destinations";
    }

    @Override
    public String question() {
        return "Does an echo cost more processor time with 100,000 destinations than with ten?";
    }

    @Override
    public void run(Session session) throws Exception {
        ProcessBuilder builder = session.java(
                List.of("-Xmx256m"),
                DestinationLoop.class,
                Double.toString(session.seconds()),
                Integer.toString(session.pairs()),
                Integer.toString(FEW),
                Integer.toString(MANY.get(0)),
                Integer.toString(MANY.get(1)));
        String output = PairedTurns.output(session, builder);
        for (int many : MANY) {
            PairedTurns turns = PairedTurns.of(output, "pair destinations=" + many + " ");
            Spread ratios = turns.ratios("many", "few");
            session.figures().goal("cpu_ratio_" + many + "_to_10_destinations", ratios, Comparison.AT_MOST, MOST_RATIO);
            session.figures()
                    .add(
                            "cpu_us_per_echo_" + many + "_destinations",
                            turns.spread("many").median());
        }
    }
}
