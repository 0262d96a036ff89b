// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Figures;
import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.Session;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * One million requests in flight to hosts that never answer, in a JVM that has no more than 400 MB of heap for them,
 * for the targets and for what the collector needs.
 */
final class MillionInFlight implements Experiment {
    private static final int MOST_MEGABYTES = 400;
    private static final int MOST_LATE_MILLIS = 20;

    @Override
    public String name() {
        return "million-in-flight";
    }

    @Override
    public String question() {
        return "With a million requests in flight to silent hosts, how much heap is used, and is every time-out "
                + "on time?";
    }

    @Override
    public void run(Session session) throws Exception {
        int count = session.quick() ? 100_000 : 1_000_000;
        int timeoutMillis = session.quick() ? 4_000 : 30_000;
        Map<String, String> values = send(session, count, timeoutMillis);
        session.say("  " + values);
        Figures figures = session.figures();
        // Fewer in the quick run, and said so: its figures are not those of a million.
        String name = session.quick() ? "hundred_thousand" : "million";
        figures.goal(name + "_in_flight", number(values, "in_flight"), Comparison.AT_LEAST, count);
        figures.goal(name + "_timed_out", number(values, "timed_out"), Comparison.AT_LEAST, count);
        figures.goal(name + "_early", number(values, "early"), Comparison.AT_MOST, 0);
        figures.goal(name + "_late_p99_ms", number(values, "late_p99_ms"), Comparison.AT_MOST, MOST_LATE_MILLIS);
        figures.goal(
                name + "_late_by_caller_p99_ms", number(values, "caller_p99_ms"), Comparison.AT_MOST, MOST_LATE_MILLIS);
        figures.goal(name + "_heap_mb", number(values, "heap_in_flight_mb"), Comparison.AT_MOST, MOST_MEGABYTES);
        figures.add(name + "_heap_targets_only_mb", number(values, "heap_targets_mb"));
        double perRequest = (number(values, "heap_in_flight_mb") - number(values, "heap_targets_mb")) * 1e6 / count;
        figures.add(name + "_heap_bytes_per_request", perRequest);
        figures.add(name + "_resident_peak_mb", number(values, "resident_peak_mb"));
        figures.add(name + "_late_max_ms", number(values, "late_max_ms"));
        figures.add(name + "_hiccup_max_ms", number(values, "hiccup_max_ms"));
    }

    private static Map<String, String> send(Session session, int count, int timeoutMillis) throws Exception {
        ProcessBuilder builder = session.java(
                List.of("-Xmx" + MOST_MEGABYTES + "m"),
                MillionSender.class,
                Integer.toString(count),
                Integer.toString(timeoutMillis));
        try (BenchNetwork network = BenchNetwork.startSilent(session);
                Conversation sender = new Conversation(session, builder)) {
            Map<String, String> values = Finished.valuesOf(sender.await("result", Duration.ofMinutes(2)));
            BenchNetwork.Account account = network.account();
            session.say("  the network has seen " + account.seen() + " requests");
            return values;
        }
    }

    private static double number(Map<String, String> values, String key) {
        return Double.parseDouble(values.getOrDefault(key, "NaN"));
    }
}
