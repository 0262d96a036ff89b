// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.Exemplars;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.Arrays;
import java.util.List;

/**
 * The round-trip times of a target as two histograms: by the bounds of the configuration, and as Prometheus' native
 * one. Not thread-safe.
 *
 * <p>The native one has a bucket for each of all times from the shortest to the longest that was seen. A timeout is a
 * day at most, so those are no more than 372 buckets, or 3 KB; a host whose times differ by a factor of 16 has 33.
 */
final class RoundTrips {
    /** Of a native histogram: 2 to the power of it are the buckets of each doubling, so each is 9 % wide. */
    static final int SCHEMA = 3;

    /**
     * That of the client library, 2 to the power of -128 s. With 0, Prometheus takes a histogram without buckets for a
     * classic one (model/textparse, isNativeHistogram), so that the native one would begin with the first reply.
     */
    private static final double ZERO_THRESHOLD = 0x1p-128;

    /** Where the buckets of a doubling begin, from 1/2 to 1. */
    private static final double[] STEPS = new double[1 << SCHEMA];

    static {
        for (int i = 0; i < STEPS.length; i++) {
            STEPS[i] = Math.pow(2, (double) i / STEPS.length - 1);
        }
    }

    private final List<Double> bounds;
    private final long[] buckets;
    private double sum;

    // The native buckets, of which the first has this index.
    private int first;
    private long[] counts = {};
    private long zeros;

    /** Constructs an empty one with upper bounds in seconds, rising. */
    RoundTrips(List<Double> bounds) {
        this.bounds = bounds;
        this.buckets = new long[bounds.size() + 1];
    }

    private RoundTrips(RoundTrips of) {
        bounds = of.bounds;
        buckets = of.buckets.clone();
        sum = of.sum;
        first = of.first;
        counts = of.counts.clone();
        zeros = of.zeros;
    }

    RoundTrips copy() {
        return new RoundTrips(this);
    }

    void add(double seconds) {
        int bucket = 0;
        while (bucket < bounds.size() && seconds > bounds.get(bucket)) {
            bucket++;
        }
        buckets[bucket]++;
        sum += seconds;
        if (seconds <= 0) {
            zeros++;
        } else {
            addNative(index(seconds));
        }
    }

    /** {@return the number of the native bucket whose upper bound, 2 to the power of number/8, is the next} */
    private static int index(double seconds) {
        int exponent = Math.getExponent(seconds) + 1;
        double fraction = Math.scalb(seconds, -exponent); // 1/2 to 1
        int step = Arrays.binarySearch(STEPS, fraction);
        return (exponent - 1) * STEPS.length + (step < 0 ? -step - 1 : step);
    }

    private void addNative(int index) {
        if (counts.length == 0) {
            first = index;
            counts = new long[1];
        } else if (index < first) {
            long[] more = new long[counts.length + first - index];
            System.arraycopy(counts, 0, more, first - index, counts.length);
            first = index;
            counts = more;
        } else if (index >= first + counts.length) {
            counts = Arrays.copyOf(counts, index - first + 1);
        }
        counts[index - first]++;
    }

    /** {@return whether it and another have the same upper bounds} */
    boolean isLike(RoundTrips other) {
        return bounds.equals(other.bounds);
    }

    /** {@return the upper bounds in seconds, the last one infinite, which the points of all targets can share} */
    double[] upperBounds() {
        double[] all = new double[bounds.size() + 1];
        for (int i = 0; i < bounds.size(); i++) {
            all[i] = bounds.get(i);
        }
        all[bounds.size()] = Double.POSITIVE_INFINITY;
        return all;
    }

    /**
     * {@return what Prometheus is told}
     *
     * @param upperBounds those of {@link #upperBounds}
     * @param asNative whether as a native histogram, too: only one of the formats has room for it
     */
    HistogramDataPointSnapshot point(double[] upperBounds, Labels labels, boolean asNative) {
        ClassicHistogramBuckets classic = ClassicHistogramBuckets.of(upperBounds, buckets);
        if (!asNative) {
            return new HistogramDataPointSnapshot(classic, sum, labels, Exemplars.EMPTY, 0);
        }
        int used = 0;
        for (long count : counts) {
            used += count > 0 ? 1 : 0;
        }
        int[] indices = new int[used];
        long[] positive = new long[used];
        int next = 0;
        for (int i = 0; i < counts.length; i++) {
            if (counts[i] > 0) {
                indices[next] = first + i;
                positive[next++] = counts[i];
            }
        }
        return new HistogramDataPointSnapshot(
                classic,
                SCHEMA,
                zeros,
                ZERO_THRESHOLD,
                NativeHistogramBuckets.of(indices, positive),
                NativeHistogramBuckets.EMPTY,
                sum,
                labels,
                Exemplars.EMPTY,
                0);
    }
}
