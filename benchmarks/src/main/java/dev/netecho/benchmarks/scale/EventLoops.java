// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** Whether more event loops send more where one core is not enough. */
final class EventLoops implements Experiment {
    private static final int LOOPS = 2;

    @Override
    public String name() {
        return "event-loops";
    }

    @Override
    public String question() {
        return "How much faster is a requester with two event loops than with one, on the cores there are?";
    }

    @Override
    public void run(Session session) throws Exception {
        Finished finished = session.run(
                session.java(
                        List.of(),
                        EventLoopTurns.class,
                        Double.toString(session.seconds()),
                        Integer.toString(session.pairs()),
                        Integer.toString(LOOPS)),
                Duration.ofMinutes(3));
        if (!finished.output().endsWith("end\n")) {
            throw new IllegalStateException("the loop failed: " + finished.output());
        }
        List<Map<String, String>> pairs = finished.output()
                .lines()
                .filter(line -> line.startsWith("pair "))
                .map(Finished::valuesOf)
                .toList();
        session.figures()
                .add(
                        "event_loops_2_to_1_rate_ratio",
                        Spread.ofRatios(numbers(pairs, "several"), numbers(pairs, "one")));
        session.figures().add("event_loops_processors", Runtime.getRuntime().availableProcessors());
    }

    private static double[] numbers(List<Map<String, String>> pairs, String key) {
        return pairs.stream()
                .mapToDouble(pair -> Double.parseDouble(pair.getOrDefault(key, "NaN")))
                .toArray();
    }
}
