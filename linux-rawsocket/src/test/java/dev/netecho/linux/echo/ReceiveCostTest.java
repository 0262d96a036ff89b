// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

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

    private static void weighGroups(ReceiveCost cost, int groups, long weighed) {
        for (int i = 0; i < 4 * groups; i++) {
            cost.weighed(weighed, 832);
        }
    }

    /** One host that answered in many fragments must not slow the others down once it is gone. */
    @Test
    void isScaledDownAgainWhenNoneOfTheLastGroupsWasSoHeavy() {
        ReceiveCost cost = new ReceiveCost();
        weighGroups(cost, 1, 20 * 832);
        assertThat(cost.modelledBytes(16_000)).isEqualTo(1_000);
        weighGroups(cost, 7, 832);
        assertThat(cost.modelledBytes(16_000)).as("for now").isEqualTo(1_000);
        weighGroups(cost, 8, 2 * 832);
        assertThat(cost.modelledBytes(16_000)).isEqualTo(8_000);
        weighGroups(cost, 16, 832);
        assertThat(cost.modelledBytes(16_000)).isEqualTo(16_000);
    }

    /** A weight is too small where packets arrive while it is taken. */
    @Test
    void isKeptWhileSomeOfTheGroupsAreAsHeavy() {
        ReceiveCost cost = new ReceiveCost();
        for (int i = 0; i < 100; i++) {
            weighGroups(cost, 1, i % 5 == 0 ? 3 * 832 : 832);
            assertThat(cost.modelledBytes(3_000)).isEqualTo(1_000);
        }
    }

    @Test
    void isNotScaledByOneHostAmongOthers() {
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
