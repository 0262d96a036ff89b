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
    void keeps_small_numbers_as_they_are() {
        for (int nanos = 0; nanos <= 1_024; nanos++) {
            assertThat(rounded(nanos)).isEqualTo(nanos);
        }
    }

    @Test
    void never_tells_less_and_at_most_one_part_in_512_more() {
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
    void is_bounded_by_the_longest_time_there_is() {
        assertThat(rounded(Long.MAX_VALUE)).isEqualTo(Long.MAX_VALUE);
        assertThat(rounded(Long.MAX_VALUE / 2)).isEqualTo(Long.MAX_VALUE / 2 + 1);
    }
}
