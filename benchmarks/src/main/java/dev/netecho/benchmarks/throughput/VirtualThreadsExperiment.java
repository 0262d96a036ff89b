// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.MissingToolException;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import dev.netecho.benchmarks.throughput.Turn.Style;
import java.nio.file.Path;

/** Ten thousand virtual threads that block in {@code send}. */
public final class VirtualThreadsExperiment implements Experiment {
    private static final int THREADS = 10_000;

    @Override
    public String name() {
        return "virtual-threads";
    }

    @Override
    public String question() {
        return "How many echoes per second from 10,000 virtual threads in send on JDK 25, and does one pin its "
                + "carrier?";
    }

    @Override
    public void run(Session session) throws Exception {
        Path jdk = session.jdk25().orElseThrow(() -> new MissingToolException("no JDK 25 is installed"));
        try (WorkerProcess worker = WorkerProcess.start(session, jdk)) {
            Turn turn = new Turn(
                    "linux-datagram",
                    Style.VIRTUAL,
                    "127.0.0.1",
                    1,
                    THREADS,
                    session.quick() ? 0.3 : 1,
                    session.seconds());
            worker.warmUp(turn, session.quick() ? 1.5 : 10);
            Comparisons comparisons = new Comparisons();
            comparisons.add("virtual", () -> worker.measure(turn));
            comparisons.run(session.pairs());
            double pinned = 0;
            double others = 0;
            for (Outcome outcome : comparisons.of("virtual")) {
                pinned += outcome.value("pinned");
                others += outcome.value("others");
            }
            session.figures()
                    .goal("virtual_threads_rate", Spread.of(comparisons.rates("virtual")), Comparison.AT_LEAST, 50_000);
            session.figures().goal("virtual_threads_pinned", pinned, Comparison.AT_MOST, 0);
            session.figures().goal("virtual_threads_not_answered", others, Comparison.AT_MOST, 0);
        }
    }
}
