// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class ProbeTokensTest {
    @Test
    void aTokenIsTheHashOfItsThreeWords() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100; i++) {
            long k0 = random.nextLong();
            long k1 = random.nextLong();
            ByteBuffer words = ByteBuffer.allocate(3 * Long.BYTES).order(ByteOrder.LITTLE_ENDIAN);
            words.putLong(random.nextLong()).putLong(random.nextLong()).putLong(random.nextLong());
            assertThat(new ProbeTokens(k0, k1).token(words.getLong(0), words.getLong(8), words.getLong(16)))
                    .as("seed " + seed)
                    .isEqualTo(SipHash.hash(k0, k1, words.array()));
        }
    }

    @Test
    void keysAddressesAndStampsAllMatter() {
        ProbeTokens tokens = new ProbeTokens(1, 2);
        Set<Long> different = new HashSet<>();
        different.add(tokens.token(0, 3, 4));
        different.add(tokens.token(1, 3, 4));
        different.add(tokens.token(0, 4, 4));
        different.add(tokens.token(0, 3, 5));
        different.add(new ProbeTokens(2, 2).token(0, 3, 4));
        different.add(new ProbeTokens(1, 3).token(0, 3, 4));
        assertThat(different).hasSize(6);
    }

    @Test
    void sequenceNumbersAreSpread() {
        ProbeTokens tokens = new ProbeTokens(System.nanoTime(), 2);
        Set<Integer> sequences = new HashSet<>();
        for (int host = 0; host < 1_000; host++) {
            int sequence = tokens.sequence(0, host);
            assertThat(sequence).isBetween(0, 0xffff).isEqualTo(tokens.sequence(0, host));
            sequences.add(sequence);
        }
        // By chance about eight of a thousand meet another.
        assertThat(sequences).hasSizeGreaterThan(950);
    }
}
