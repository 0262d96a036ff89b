// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import java.io.IOException;
import java.util.Map;

/**
 * What a turn has given.
 *
 * @param rate echoes per second
 * @param cpuMicros user and system time per echo
 * @param values everything the program said
 */
record Outcome(double rate, double cpuMicros, Map<String, String> values) {
    /**
     * {@return the figures of a turn}
     *
     * @param who whose turn it was
     * @param values what it said
     * @throws IOException if it said no rate, or one that cannot be compared
     */
    static Outcome of(String who, Map<String, String> values) throws IOException {
        try {
            double rate = Double.parseDouble(values.getOrDefault("rate", "missing"));
            double cpu = Double.parseDouble(values.getOrDefault("cpu_us", "missing"));
            if (rate > 0 && cpu > 0 && Double.isFinite(cpu)) {
                return new Outcome(rate, cpu, values);
            }
        } catch (NumberFormatException e) {
            // Reported below, with everything that was said.
        }
        throw new IOException(who + " gave no rate and CPU time: " + values);
    }

    /** {@return a figure that only this program gives} */
    double value(String key) throws IOException {
        String value = values.get(key);
        if (value == null) {
            throw new IOException("there is no " + key + " in " + values);
        }
        return Double.parseDouble(value);
    }
}
