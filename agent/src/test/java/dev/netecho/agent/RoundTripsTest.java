// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.NativeHistogramBuckets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundTripsTest {
    private static HistogramDataPointSnapshot point(RoundTrips of) {
        return of.point(of.upperBounds(), Labels.EMPTY, true);
    }

    /** The definition of Prometheus: bucket i of schema 3 is (2^((i-1)/8), 2^(i/8)]. */
    @Test
    void aTimeIsInTheBucketThatPrometheusDefines() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 10_000; i++) {
            double seconds = Math.pow(10, random.nextDouble() * 14 - 9); // 1 ns to 100,000 s
            RoundTrips times = new RoundTrips(List.of(1.0));
            times.add(seconds);
            NativeHistogramBuckets buckets = point(times).getNativeBucketsForPositiveValues();
            assertThat(buckets.size()).isEqualTo(1);
            double upper = Math.pow(2, buckets.getBucketIndex(0) / 8.0);
            assertThat(seconds)
                    .as("%s of seed %s", seconds, seed)
                    .isGreaterThan(upper * Math.pow(2, -1 / 8.0) * (1 - 1e-12))
                    .isLessThanOrEqualTo(upper * (1 + 1e-12));
        }
    }

    @Test
    void anUpperBoundBelongsToItsBucket() {
        RoundTrips times = new RoundTrips(List.of(0.25, 0.5));
        times.add(0.25);
        times.add(0.5);
        times.add(0.5);
        times.add(1);
        times.add(0);
        HistogramDataPointSnapshot point = point(times);
        assertThat(point.getNativeSchema()).isEqualTo(3);
        assertThat(point.getNativeZeroCount()).isEqualTo(1);
        assertThat(point.getNativeZeroThreshold())
                .as("else no native histogram without replies")
                .isPositive();
        NativeHistogramBuckets buckets = point.getNativeBucketsForPositiveValues();
        assertThat(buckets.stream().map(bucket -> bucket.getBucketIndex() + ":" + bucket.getCount()))
                .containsExactly("-16:1", "-8:2", "0:1");
        assertThat(point.getClassicBuckets().getCount(0)).isEqualTo(2);
        assertThat(point.getClassicBuckets().getCount(1)).isEqualTo(2);
        assertThat(point.getClassicBuckets().getCount(2)).isEqualTo(1);
        assertThat(point.getCount()).isEqualTo(5);
        assertThat(point.getSum()).isEqualTo(2.25);
    }

    @Test
    void timesOfAllSizesTakeFewBuckets() {
        RoundTrips times = new RoundTrips(List.of(1.0));
        for (long nanos = 86_400_000_000_000L; nanos > 0; nanos -= Math.max(1, nanos / 100)) {
            times.add(nanos / 1e9);
        }
        assertThat(point(times).getNativeBucketsForPositiveValues().size()).isBetween(330, 372);
    }

    @Test
    void aCopyStaysAsItWas() {
        RoundTrips times = new RoundTrips(List.of(1.0));
        times.add(0.001);
        RoundTrips copy = times.copy();
        times.add(0.001);
        times.add(0.5);
        assertThat(point(copy).getCount()).isEqualTo(1);
        assertThat(point(times).getCount()).isEqualTo(3);
    }

    @Test
    void textHasNoRoomForANativeHistogram() {
        RoundTrips times = new RoundTrips(List.of(1.0));
        times.add(0.001);
        assertThat(times.point(times.upperBounds(), Labels.EMPTY, false).hasNativeHistogramData())
                .isFalse();
    }
}
