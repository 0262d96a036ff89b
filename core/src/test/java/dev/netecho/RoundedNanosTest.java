// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

class RoundedNanosTest {
    private static long rounded(long nanos) {
        return RoundedNanos.value((short) RoundedNanos.up(nanos));
    }

    @Test
    void keepsSmallNumbersAsTheyAre() {
        for (int nanos = 0; nanos <= 1_024; nanos++) {
            assertThat(rounded(nanos)).isEqualTo(nanos);
        }
    }

    @Test
    void neverTellsLessAndAtMostOnePartIn512More() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long nanos = random.nextLong() >>> (2 + random.nextInt(62));
            assertThat(rounded(nanos))
                    .as("%d ns, seed %d", nanos, seed)
                    .isGreaterThanOrEqualTo(nanos)
                    .isLessThanOrEqualTo(nanos + nanos / 512);
        }
    }

    @Test
    void isBoundedByTheLongestTimeThereIs() {
        assertThat(rounded(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(rounded(Long.MAX_VALUE / 2)).isEqualTo(Long.MAX_VALUE / 2 + 1);
    }
}
