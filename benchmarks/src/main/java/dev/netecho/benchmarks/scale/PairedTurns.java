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

/**
 * What a program says that measures things in turn: a line {@code pair KEY=value KEY=value} for every round, and last
 * {@code end}.
 */
final class PairedTurns {
    /** Start, warm-up and what is not measured; beside it every round may take eight times its seconds. */
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<Map<String, String>> pairs;

    private PairedTurns(List<Map<String, String>> pairs) {
        this.pairs = pairs;
    }

    /** {@return what a program says that measures as many rounds of as many seconds as the session wants} */
    static String output(Session session, ProcessBuilder program) throws IOException, InterruptedException {
        long millis = Math.round(session.pairs() * session.seconds() * 8_000);
        return session.run(program, PATIENCE.plusMillis(millis)).output();
    }

    /** {@return the rounds whose lines begin like this} */
    static PairedTurns of(String output, String beginning) {
        if (!output.endsWith("end\n")) {
            throw new IllegalStateException("the program that measures failed: " + output);
        }
        return new PairedTurns(output.lines()
                .filter(line -> line.startsWith(beginning))
                .map(Finished::valuesOf)
                .toList());
    }

    /** {@return all rounds} */
    static PairedTurns of(String output) {
        return of(output, "pair ");
    }

    /** {@return one thing divided by the other, round by round} */
    Spread ratios(String measured, String reference) {
        return Spread.ofRatios(numbers(measured), numbers(reference));
    }

    /** {@return one thing in all rounds} */
    Spread spread(String key) {
        return Spread.of(numbers(key));
    }

    private double[] numbers(String key) {
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
