// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import java.util.Arrays;

/**
 * The middle of several measurements and how far they lie apart.
 *
 * @param median the middle one, or the mean of the two in the middle
 * @param lowest the smallest
 * @param highest the largest
 * @param count how many there were
 */
public record Spread(double median, double lowest, double highest, int count) {
    /**
     * {@return the spread of some measurements}
     *
     * @param values at least one, in any order
     * @throws IllegalArgumentException if there is none, or one is not a finite number
     */
    public static Spread of(double... values) {
        if (values.length == 0) {
            throw new IllegalArgumentException("no measurement was made: there is no median of nothing");
        }
        for (double value : values) {
            if (!Double.isFinite(value)) {
                throw new IllegalArgumentException("a measurement is " + value + "; all: " + Arrays.toString(values));
            }
        }
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int middle = sorted.length / 2;
        double median = sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        return new Spread(median, sorted[0], sorted[sorted.length - 1], sorted.length);
    }

    /**
     * {@return the spread of the ratios of measurements made in turn, {@code ours[i] / theirs[i]}}
     *
     * <p>What disturbs a machine lasts longer than one turn, so a pair shares it and its ratio does not show it; the
     * ratio of two medians would.
     *
     * @param ours one measurement of each pair
     * @param theirs the other of each pair
     * @throws IllegalArgumentException if the numbers of measurements differ, or a ratio is no finite number
     */
    public static Spread ofRatios(double[] ours, double[] theirs) {
        if (ours.length != theirs.length) {
            throw new IllegalArgumentException("pairs need two measurements each: " + ours.length + " of one and "
                    + theirs.length + " of the other");
        }
        double[] ratios = new double[ours.length];
        for (int i = 0; i < ratios.length; i++) {
            ratios[i] = ours[i] / theirs[i];
        }
        return of(ratios);
    }
}
