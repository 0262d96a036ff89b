// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Figures;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import dev.netecho.benchmarks.throughput.Turn.Style;
import java.util.List;

/** The library beside fping and iputils ping. */
public final class OtherProgramsExperiment implements Experiment {
    @Override
    public String name() {
        return "other-programs";
    }

    @Override
    public String question() {
        return "How many echoes per second, and how much CPU for each, compared with fping and ping -f?";
    }

    @Override
    public void run(Session session) throws Exception {
        try (WorkerProcess worker = WorkerProcess.start(session)) {
            double warmUp = session.quick() ? 0.05 : 0.3;
            // fping uses raw sockets as root, iputils ping those of datagrams where it may, which is so here.
            Turn many = new Turn(
                    "linux-raw",
                    Style.LISTENER,
                    "127.0.1.1",
                    OtherPrograms.FPING_TARGETS,
                    OtherPrograms.FPING_TARGETS,
                    warmUp,
                    session.seconds());
            Turn one = new Turn("linux-datagram", Style.LISTENER, "127.0.0.1", 1, 64, warmUp, session.seconds());
            for (Turn turn : List.of(many, one)) {
                worker.warmUp(turn, session.quick() ? 1.5 : 10);
            }
            compare(session, "fping", () -> OtherPrograms.fping(session, session.seconds()), worker, many, 1.5);
            compare(session, "ping", () -> OtherPrograms.ping(session, session.seconds()), worker, one, 0);
        }
    }

    private static void compare(
            Session session, String tool, Comparisons.Program program, WorkerProcess worker, Turn turn, double goal)
            throws Exception {
        try {
            session.tool(tool);
        } catch (MissingToolException e) {
            session.say("  not measured: " + e.getMessage());
            return;
        }
        Comparisons comparisons = new Comparisons();
        comparisons.add(tool, program);
        comparisons.add("library", () -> worker.measure(turn));
        comparisons.run(session.pairs());
        Figures figures = session.figures();
        Spread ratio = comparisons.rateRatio("library", tool);
        if (goal > 0) {
            figures.goal(tool + "_rate_ratio", ratio, Comparison.AT_LEAST, goal);
        } else {
            figures.add(tool + "_rate_ratio", ratio);
        }
        figures.add(tool + "_cpu_ratio", comparisons.cpuRatio("library", tool));
        figures.add(tool + "_rate", Spread.of(comparisons.rates(tool)).median());
    }
}
