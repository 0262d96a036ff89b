// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import dev.netecho.benchmarks.scale.ScaleExperiments;
import dev.netecho.benchmarks.throughput.BindingsExperiment;
import dev.netecho.benchmarks.throughput.LabRate;
import dev.netecho.benchmarks.throughput.OtherProgramsExperiment;
import dev.netecho.benchmarks.throughput.ThroughputExperiment;
import dev.netecho.benchmarks.throughput.VirtualThreadsExperiment;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The program behind {@code benchmarks/run}. */
public final class Run {
    /** In the order in which they run. */
    private static final List<Experiment> EXPERIMENTS = Stream.concat(
                    Stream.of(
                            new FirstEcho(),
                            new ThroughputExperiment(),
                            new OtherProgramsExperiment(),
                            new VirtualThreadsExperiment(),
                            new BindingsExperiment(),
                            new LabRate(),
                            new WatchingCost()),
                    ScaleExperiments.all().stream())
            .toList();

    private Run() {}

    /**
     * Runs experiments and exits.
     *
     * @param args see {@link Arguments#HELP}
     * @throws Exception if the machine cannot be described
     */
    public static void main(String[] args) throws Exception {
        Arguments arguments;
        try {
            arguments = Arguments.parse(
                    List.of(args), EXPERIMENTS.stream().map(Experiment::name).toList());
        } catch (UsageException e) {
            System.err.println("benchmarks/run: " + e.getMessage());
            System.exit(2);
            return;
        }
        if (arguments.help()) {
            System.out.println(Arguments.HELP);
        } else if (arguments.list()) {
            EXPERIMENTS.forEach(it -> System.out.println(it.name() + ": " + it.question()));
        } else {
            System.exit(measure(arguments) ? 0 : 1);
        }
    }

    /** {@return whether no experiment failed} */
    private static boolean measure(Arguments arguments) throws Exception {
        long start = System.nanoTime();
        Path home = Path.of(System.getProperty("netecho.benchmarks.home", "benchmarks"));
        Figures figures = new Figures(System.out);
        Session session = new Session(arguments, figures, home.resolve("target"));
        Runtime.getRuntime().addShutdownHook(new Thread(session::shutDown, "end-programs"));

        Map<String, String> facts = Machine.describe(session);
        facts.forEach((name, value) -> System.out.println(name + ": " + value));
        boolean allRan = true;
        Map<String, String> unmeasured = new LinkedHashMap<>();
        for (Experiment experiment : EXPERIMENTS) {
            boolean named = arguments.only().contains(experiment.name());
            if (named || (arguments.only().isEmpty() && !experiment.onlyByName())) {
                allRan &= measure(experiment, session, unmeasured);
            }
        }
        if (arguments.markdown().isPresent()) {
            MarkdownTables.write(arguments.markdown().get(), facts, figures.entries(), unmeasured);
        }
        System.out.println();
        System.out.println("took " + Duration.ofNanos(System.nanoTime() - start).toSeconds() + " s");
        figures.printAll();
        return allRan;
    }

    private static boolean measure(Experiment experiment, Session session, Map<String, String> unmeasured) {
        System.out.println();
        System.out.println("== " + experiment.name() + ": " + experiment.question());
        session.figures().begin(experiment.name());
        long start = System.nanoTime();
        try {
            experiment.run(session);
            return true;
        } catch (MissingToolException e) {
            System.out.println("  not measured: " + e.getMessage());
            unmeasured.put(experiment.name(), String.valueOf(e.getMessage()));
            return true;
        } catch (Exception e) {
            System.out.println("  failed: " + e);
            // Not the reason itself, which names paths of this machine: the page is for everybody, the output is not.
            unmeasured.put(experiment.name(), "failed with " + e.getClass().getSimpleName() + "; the output says why");
            e.printStackTrace(System.err);
            return false;
        } finally {
            session.endAll();
            System.out.println(
                    "  (" + Duration.ofNanos(System.nanoTime() - start).toMillis() + " ms)");
        }
    }
}
