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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** System calls through {@code java.lang.foreign} and through JNA, beside C, in the same rounds. */
public final class BindingsExperiment implements Experiment {
    private static final String C = "c";
    private static final String FFM = "ffm";
    private static final String JNA = "jna";

    /** In full batches, which share a system call, and one at a time, which pays for its own. */
    private static final Map<String, Integer> WINDOWS = new TreeMap<>(Map.of("batches", 64, "lone", 1));

    @Override
    public String name() {
        return "bindings";
    }

    @Override
    public String question() {
        return "What does an echo on JDK 25 cost through java.lang.foreign and through JNA, compared with C?";
    }

    @Override
    public void run(Session session) throws Exception {
        Path jdk = session.jdk25().orElseThrow(() -> new MissingToolException("no JDK 25 is installed"));
        session.c("reference");
        double notAnswered = 0;
        try (WorkerProcess ffm = WorkerProcess.start(session, jdk, "-Dnetecho.binding=ffm");
                WorkerProcess jna = WorkerProcess.start(session, jdk, "-Dnetecho.binding=jna")) {
            for (Map.Entry<String, Integer> each : WINDOWS.entrySet()) {
                notAnswered += compare(session, ffm, jna, each.getKey(), each.getValue());
            }
        }
        session.figures().goal("bindings_not_answered", notAnswered, Comparison.AT_MOST, 0);
    }

    /** {@return how many requests ended without a reply} */
    private static double compare(Session session, WorkerProcess ffm, WorkerProcess jna, String label, int window)
            throws Exception {
        Turn turn = new Turn(
                "linux-datagram",
                Style.LISTENER,
                "127.0.0.1",
                1,
                window,
                session.quick() ? 0.05 : 0.3,
                session.seconds());
        double limit = session.quick() ? 0.75 : 10;
        ffm.warmUp(turn, limit);
        jna.warmUp(turn, limit);
        Comparisons comparisons = new Comparisons();
        comparisons.add(C, () -> Reference.measure(session, turn));
        comparisons.add(FFM, () -> ffm.measure(turn));
        comparisons.add(JNA, () -> jna.measure(turn));
        comparisons.run(session.pairs());

        Figures figures = session.figures();
        double notAnswered = 0;
        for (String binding : List.of(FFM, JNA)) {
            String name = "bindings_" + label + "_" + binding;
            figures.add(name + "_rate_ratio", comparisons.rateRatio(binding, C));
            figures.add(name + "_cpu_ratio", comparisons.cpuRatio(binding, C));
            for (Outcome outcome : comparisons.of(binding)) {
                notAnswered += outcome.value("others");
            }
        }
        for (String program : List.of(C, FFM, JNA)) {
            List<Double> cpu = new ArrayList<>();
            comparisons.of(program).forEach(outcome -> cpu.add(outcome.cpuMicros()));
            figures.add(
                    "bindings_" + label + "_" + program + "_cpu_us",
                    Spread.of(cpu.stream().mapToDouble(it -> it).toArray()).median());
        }
        return notAnswered;
    }
}
