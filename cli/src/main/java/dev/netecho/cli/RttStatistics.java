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

    /** Adds what another has counted. */
    void add(RttStatistics other) {
        if (other.count == 0) {
            return;
        }
        min = count == 0 ? other.min : Math.min(min, other.min);
        max = count == 0 ? other.max : Math.max(max, other.max);
        // Chan's recurrence, for the same reason as Welford's.
        double delta = other.mean - mean;
        double total = (double) count + other.count;
        mean += delta * other.count / total;
        squares += other.squares + delta * delta * count * other.count / total;
        count += other.count;
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
