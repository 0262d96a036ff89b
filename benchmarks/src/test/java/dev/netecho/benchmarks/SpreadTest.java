// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

final class SpreadTest {
    @Test
    void theMedianOfAnOddNumberIsTheOneInTheMiddle() {
        assertThat(Spread.of(9, 1, 2)).isEqualTo(new Spread(2, 1, 9, 3));
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheTwoInTheMiddle() {
        assertThat(Spread.of(4, 1, 2, 100)).isEqualTo(new Spread(3, 1, 100, 4));
    }

    @Test
    void ratiosAreTakenPairByPairAndNotOfTheMedians() {
        // A machine that gets slower: the ratio stays, that of the medians would not.
        assertThat(Spread.ofRatios(new double[] {50, 10, 2}, new double[] {100, 20, 4})
                        .median())
                .isEqualTo(0.5);
        assertThat(Spread.ofRatios(new double[] {1, 2, 9}, new double[] {1, 4, 3})
                        .median())
                .isEqualTo(1.0);
    }

    @Test
    void measurementsAreLeftInTheirOrder() {
        double[] values = {3, 1, 2};
        Spread.of(values);
        assertThat(values).containsExactly(3, 1, 2);
    }

    @Test
    void nothingAndWhatIsNoNumberHaveNoSpread() {
        assertThatThrownBy(Spread::of).hasMessageContaining("no measurement");
        assertThatThrownBy(() -> Spread.of(1, Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> Spread.ofRatios(new double[] {1}, new double[] {0}))
                .hasMessageContaining("Infinity");
        assertThatThrownBy(() -> Spread.ofRatios(new double[] {1}, new double[] {1, 2}))
                .hasMessageContaining("1 of one and 2 of the other");
    }
}
