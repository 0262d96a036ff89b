// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;

final class IdentifierBlocksTest {
    private static final int BLOCKS = (1 << 16) / IcmpSocket.RAW_IDENTIFIERS - 1;
    private static final long MINUTE = Duration.ofMinutes(1).toNanos();
    private static final RandomGenerator LEAST = () -> 0;

    private final IdentifierBlocks blocks = new IdentifierBlocks();

    /** SPEC MAT-1: with identifier 0 a reply without data was taken for a damaged one. */
    @Test
    void areNeverZero() {
        assertThat(blocks.take(LEAST, 0)).isEqualTo(IcmpSocket.RAW_IDENTIFIERS);
    }

    @Test
    @Covers(rules = {"MAT-1", "MAT-5"})
    void belongToOneSocketOfTheProcessEach() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        Set<Integer> taken = new HashSet<>();
        for (int i = 0; i < BLOCKS; i++) {
            int first = blocks.take(random, 0);
            assertThat(first % IcmpSocket.RAW_IDENTIFIERS).as("seed %d", seed).isZero();
            assertThat(first).as("seed %d", seed).isBetween(IcmpSocket.RAW_IDENTIFIERS, 0xffff);
            assertThat(taken.add(first)).as("seed %d", seed).isTrue();
        }
        assertThatIllegalStateException()
                .isThrownBy(() -> blocks.take(random, 0))
                .withMessageContaining("4095");
    }

    @Test
    @Covers(rules = "MAT-5")
    void restForAMinute() {
        int first = blocks.take(LEAST, 0);
        blocks.giveBack(first, 0);
        int second = blocks.take(LEAST, MINUTE);
        assertThat(second).isNotEqualTo(first);
        assertThat(blocks.take(LEAST, MINUTE + 1)).isEqualTo(first);
    }

    @Test
    void theOneThatRestedLongestIsTakenWhereAllRest() {
        int[] all = new int[BLOCKS];
        for (int i = 0; i < BLOCKS; i++) {
            all[i] = blocks.take(LEAST, 0);
        }
        blocks.giveBack(all[7], 7);
        blocks.giveBack(all[3], 8);
        blocks.giveBack(all[3], 1); // not taken any more
        assertThat(blocks.take(LEAST, 9)).isEqualTo(all[7]);
        assertThat(blocks.take(LEAST, 9)).isEqualTo(all[3]);
    }
}
