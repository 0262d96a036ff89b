// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What an answer is thought to take of the receive buffer, and what is learnt from what it took. */
final class ReceiveCostTest {
    /** Measured on Linux 6.18: what one queued reply costs ("truesize"). */
    @ParameterizedTest(name = "{0} bytes cost at least {1}")
    @CsvSource({"0, 832", "8, 832", "56, 832", "472, 1280", "1000, 2304", "1400, 2304"})
    void chargesAtLeastWhatAReplyCosts(int payload, int truesize) {
        assertThat(ReceiveCost.ofPayload(payload)).isBetween(truesize, 2 * truesize);
    }

    @Test
    void chargesMoreForMore() {
        for (int size = 1; size <= 65_500; size += 13) {
            assertThat(ReceiveCost.ofPayload(size))
                    .as("payload of %d bytes", size)
                    .isGreaterThanOrEqualTo(ReceiveCost.ofPayload(Math.max(0, size - 13)))
                    .isGreaterThan(size);
        }
    }

    @Test
    void isScaledByTheLeastOfFourWeighings() {
        ReceiveCost cost = new ReceiveCost();
        cost.weighed(3 * 832, 832);
        cost.weighed(2 * 832, 832);
        cost.weighed(4 * 832, 832);
        assertThat(cost.modelledBytes(8_000)).isEqualTo(8_000);
        cost.weighed(9 * 832, 832);
        assertThat(cost.modelledBytes(8_000)).isEqualTo(4_000);
    }

    @Test
    void isNeverScaledDownNorByOneHostAmongOthers() {
        ReceiveCost cost = new ReceiveCost();
        for (int i = 0; i < 40; i++) {
            cost.weighed(i % 4 == 3 ? 400 : 10 * 832, 832);
        }
        assertThat(cost.modelledBytes(8_000)).isEqualTo(8_000);
    }

    @Test
    void isBoundedWhateverWasWeighed() {
        ReceiveCost cost = new ReceiveCost();
        for (int i = 0; i < 4; i++) {
            cost.weighed(Integer.MAX_VALUE, 1);
        }
        assertThat(cost.modelledBytes(16_000)).isEqualTo(1_000);
    }
}
