// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

/** By how much requests are late, as a histogram. Thread-safe. */
final class LagWatch {
    /** Upper bounds in seconds. */
    static final double[] BOUNDS = {0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1, 3, Double.POSITIVE_INFINITY};

    private final long[] counts = new long[BOUNDS.length];
    private double sum;
    private long skipped;

    synchronized void late(long nanos) {
        double seconds = Math.max(0, nanos) / 1e9;
        int bucket = 0;
        while (seconds > BOUNDS[bucket]) {
            bucket++;
        }
        counts[bucket]++;
        sum += seconds;
    }

    /** Counts rounds that were left out because they were more than an interval late. */
    synchronized void skipped(long rounds) {
        skipped += rounds;
    }

    synchronized long[] counts() {
        return counts.clone();
    }

    synchronized double sum() {
        return sum;
    }

    synchronized long skipped() {
        return skipped;
    }
}
