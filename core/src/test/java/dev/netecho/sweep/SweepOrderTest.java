// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.BitSet;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SweepOrderTest {
    @ParameterizedTest
    @ValueSource(ints = {1, 2, 3, 4, 5, 17, 255, 256, 257, 1_000, 65_536, 100_003})
    void isAPermutationAndItsInverse(int size) {
        long seed = System.nanoTime();
        SweepOrder order = new SweepOrder(size, seed);
        BitSet seen = new BitSet();
        for (int position = 0; position < size; position++) {
            long value = order.at(position);
            assertThat(value).as("seed " + seed).isBetween(0L, size - 1L);
            seen.set((int) value);
            assertThat(order.positionOf(value)).as("seed " + seed).isEqualTo(position);
        }
        assertThat(seen.cardinality()).as("seed " + seed).isEqualTo(size);
    }

    @Test
    void holdsForAllOfIpv4() {
        long seed = System.nanoTime();
        long size = 1L << 32;
        SweepOrder order = new SweepOrder(size, seed);
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long position = i < 10 ? size - 1 - i : Integer.toUnsignedLong(random.nextInt());
            long value = order.at(position);
            assertThat(value).as("seed " + seed).isBetween(0L, size - 1);
            assertThat(order.positionOf(value)).as("seed " + seed).isEqualTo(position);
        }
    }

    @Test
    void neighboursAreSeldomAskedInARow() {
        long seed = System.nanoTime();
        int size = 65_536;
        SweepOrder order = new SweepOrder(size, seed);
        int near = 0;
        for (int position = 1; position < size; position++) {
            near += Math.abs(order.at(position) - order.at(position - 1)) < 256 ? 1 : 0;
        }
        // By chance two are that near in one case of 128.
        assertThat(near).as("seed " + seed).isLessThan(size / 64);
    }

    @Test
    void anotherKeyIsAnotherOrder() {
        int same = 0;
        SweepOrder one = new SweepOrder(10_000, 1);
        SweepOrder other = new SweepOrder(10_000, 2);
        for (int position = 0; position < 10_000; position++) {
            same += one.at(position) == other.at(position) ? 1 : 0;
        }
        assertThat(same).isLessThan(100);
    }
}
