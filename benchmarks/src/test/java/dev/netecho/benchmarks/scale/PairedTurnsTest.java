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

        assertThat(PairedTurns.ratios(output, "several", "one").median()).isEqualTo(1.8);
    }

    @Test
    void saysWhatAProgramSaidThatDidNotFinish() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PairedTurns.ratios("pair one=1 several=2\nout of sockets\n", "several", "one"))
                .withMessageContaining("out of sockets");
    }

    @Test
    void refusesARoundThatLacksOneOfTheTwo() {
        assertThatIllegalStateException()
                .isThrownBy(() -> PairedTurns.ratios("pair one=1\nend\n", "several", "one"))
                .withMessageContaining("several");
    }
}
