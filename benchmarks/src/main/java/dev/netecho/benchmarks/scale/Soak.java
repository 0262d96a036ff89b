// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Figures;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.Session;
import dev.netecho.testkit.lab.LabProgram;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * Whether minutes of monitoring leave anything behind or tell anything untrue: undisturbed, with a requester that is
 * closed and opened again every few seconds, and beside threads that burn processor time and make garbage.
 */
final class Soak implements Experiment {
    private static final double TEN_MINUTES = 600;
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final double HEAP_GROWTH_MB = 4;

    @Override
    public String name() {
        return "soak";
    }

    @Override
    public String question() {
        return "Is everything flat, and every outcome true, after minutes at 2,000 requests a second to hosts "
                + "of all kinds?";
    }

    @Override
    public boolean onlyByName() {
        return true;
    }

    @Override
    public void run(Session session) throws Exception {
        double seconds = session.secondsOf(TEN_MINUTES);
        try (Conversation lab = new Conversation(session, session.java(List.of(), LabProgram.class, "lab"))) {
            lab.await("lab ready", PATIENCE);
            measure(session, "soak_", seconds, 0, 0);
            measure(session, "soak_reopening_", seconds, 3, 0);
            measure(session, "soak_contended_", seconds, 0, 2);
        }
    }

    private static void measure(Session session, String prefix, double seconds, int reopenSeconds, int burners)
            throws Exception {
        ProcessBuilder builder = session.java(
                List.of("-Xmx256m"),
                SoakSender.class,
                Double.toString(seconds),
                Integer.toString(reopenSeconds),
                Integer.toString(burners));
        try (Conversation sender = new Conversation(session, builder)) {
            String line = sender.await("soaked ", PATIENCE.plusSeconds((long) seconds));
            session.say("  " + line);
            Map<String, String> values = Finished.valuesOf(line);
            Figures figures = session.figures();
            figures.add(prefix + "requests", number(values, "requests"));
            figures.goal(prefix + "without_outcome", number(values, "missing"), Comparison.AT_MOST, 0);
            figures.goal(prefix + "untrue", number(values, "untrue"), Comparison.AT_MOST, 0);
            figures.goal(prefix + "unflagged_losses", number(values, "unflagged"), Comparison.AT_MOST, 0);
            figures.add(prefix + "flagged_losses", number(values, "flagged"));
            figures.goal(prefix + "more_descriptors", number(values, "descriptors"), Comparison.AT_MOST, 0);
            figures.goal(prefix + "more_threads", number(values, "threads"), Comparison.AT_MOST, 0);
            figures.goal(prefix + "more_native_bytes", number(values, "native"), Comparison.AT_MOST, 0);
            figures.goal(prefix + "more_heap_mb", number(values, "heap_mb"), Comparison.AT_MOST, HEAP_GROWTH_MB);
        }
    }

    private static double number(Map<String, String> values, String key) {
        return Double.parseDouble(values.getOrDefault(key, "NaN"));
    }
}
