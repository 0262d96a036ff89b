// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StatisticsTest {
    @Test
    void theDeviationIsThatOfThePopulation() {
        RttStatistics rtt = new RttStatistics();
        for (long nanos : new long[] {2_000, 4_000, 4_000, 4_000, 5_000, 5_000, 7_000, 9_000}) {
            rtt.add(nanos);
        }
        assertThat(rtt.min()).isEqualTo(2_000);
        assertThat(rtt.mean()).isEqualTo(5_000);
        assertThat(rtt.max()).isEqualTo(9_000);
        assertThat(rtt.standardDeviation()).isEqualTo(2_000);
    }

    @Test
    void longTimesCloseTogetherKeepTheirDeviation() {
        RttStatistics rtt = new RttStatistics();
        for (int i = 0; i < 1_000_000; i++) {
            rtt.add(1_000_000_000_000_000L + (i % 2 == 0 ? 10 : -10));
        }
        assertThat(rtt.mean()).isEqualTo(1_000_000_000_000_000L);
        assertThat(rtt.standardDeviation()).isEqualTo(10);
    }

    @Test
    void nothingHasNoTimes() {
        assertThat(new RttStatistics().isEmpty()).isTrue();
        assertThat(new RttStatistics().standardDeviation()).isZero();
    }

    @Test
    void numbersAreRoundedAsPingDoesIt() {
        assertThat(Decimals.shortMillis(11_400)).isEqualTo("0.011");
        assertThat(Decimals.shortMillis(999_400)).isEqualTo("0.999");
        assertThat(Decimals.shortMillis(1_234_000)).isEqualTo("1.23");
        assertThat(Decimals.shortMillis(12_340_000)).isEqualTo("12.3");
        assertThat(Decimals.shortMillis(99_960_000)).isEqualTo("100");
        assertThat(Decimals.shortMillis(1_234_500_000)).isEqualTo("1235");
        assertThat(Decimals.percent(1, 3)).isEqualTo("33.3333");
        assertThat(Decimals.percent(0, 3)).isEqualTo("0");
        assertThat(Decimals.percent(3, 3)).isEqualTo("100");
        assertThat(Decimals.percent(1, 1_000_000)).isEqualTo("0.0001");
    }

    @Test
    void numbersAreThoseOfExactArithmetic() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long value = random.nextLong() >>> (1 + random.nextInt(63));
            long unit = i % 2 == 0 ? 1_000 : 1_000_000;
            int decimals = i % 4;
            assertThat(Decimals.scaled(value, unit, decimals))
                    .as("%d / %d with %d decimals, seed %d", value, unit, decimals, seed)
                    .isEqualTo(BigDecimal.valueOf(value)
                            .divide(BigDecimal.valueOf(unit), decimals, RoundingMode.HALF_UP)
                            .toPlainString());
        }
    }
}
