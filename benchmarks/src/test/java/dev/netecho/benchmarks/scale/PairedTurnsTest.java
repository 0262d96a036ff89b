// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

final class PairedTurnsTest {
    @Test
    void dividesTheTwoOfEachRound() {
        String output = "warm\npair one=100 several=190\npair one=200 several=360\npair several=170 one=100\nend\n";

        assertThat(PairedTurns.of(output).ratios("several", "one").median()).isEqualTo(1.8);
    }

    @Test
    void keepsRoundsOfDifferentThingsApart() {
        String output = "pair of=ten many=3 few=1\npair of=all many=5 few=1\nend\n";

        assertThat(PairedTurns.of(output, "pair of=all ").spread("many").median())
                .isEqualTo(5);
    }

    @Test
    void saysWhatAProgramSaidThatDidNotFinish() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PairedTurns.of("pair one=1 several=2\nout of sockets\n"))
                .withMessageContaining("out of sockets");
    }

    @Test
    void refusesARoundThatLacksOneOfTheTwo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PairedTurns.of("pair one=1\nend\n").ratios("several", "one"))
                .withMessageContaining("several");
    }
}
