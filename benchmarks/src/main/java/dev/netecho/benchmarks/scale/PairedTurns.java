// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.Session;
import dev.netecho.benchmarks.Spread;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/** A program that measures two things in turn: it says a line {@code pair KEY=value KEY=value} for every round, and last {@code end}. */
final class PairedTurns {
    private static final Duration PATIENCE = Duration.ofMinutes(3);

    private PairedTurns() {}

    /** {@return the one thing divided by the other, round by round} */
    static Spread ratios(Session session, ProcessBuilder program, String measured, String reference)
            throws IOException, InterruptedException {
        return ratios(session.run(program, PATIENCE).output(), measured, reference);
    }

    static Spread ratios(String output, String measured, String reference) {
        if (!output.endsWith("end\n")) {
            throw new IllegalStateException("the program that measures failed: " + output);
        }
        List<Map<String, String>> pairs = output.lines()
                .filter(line -> line.startsWith("pair "))
                .map(Finished::valuesOf)
                .toList();
        return Spread.ofRatios(numbers(pairs, measured), numbers(pairs, reference));
    }

    private static double[] numbers(List<Map<String, String>> pairs, String key) {
        return pairs.stream().mapToDouble(pair -> number(pair, key)).toArray();
    }

    private static double number(Map<String, String> pair, String key) {
        String value = pair.get(key);
        if (value == null) {
            throw new IllegalStateException("the program that measures gave no " + key + ": " + pair);
        }
        return Double.parseDouble(value);
    }
}
