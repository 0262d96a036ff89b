// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** Minimum, mean, maximum and population standard deviation of round-trip times in nanoseconds. Not thread-safe. */
final class RttStatistics {
    private long count;
    private long min;
    private long max;
    private double mean;
    private double squares;

    void add(long nanos) {
        min = count == 0 ? nanos : Math.min(min, nanos);
        max = count == 0 ? nanos : Math.max(max, nanos);
        count++;
        // Welford's recurrence: a sum of squares loses its precision if the times are long and close together.
        double delta = nanos - mean;
        mean += delta / count;
        squares += delta * (nanos - mean);
    }

    boolean isEmpty() {
        return count == 0;
    }

    long min() {
        return min;
    }

    long max() {
        return max;
    }

    long mean() {
        return Math.round(mean);
    }

    long standardDeviation() {
        return count == 0 ? 0 : Math.round(Math.sqrt(squares / count));
    }
}
