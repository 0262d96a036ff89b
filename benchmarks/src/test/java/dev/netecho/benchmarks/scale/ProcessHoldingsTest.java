// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class ProcessHoldingsTest {
    @Test
    void saysHowMuchMoreThereIsOfEach() {
        ProcessHoldings before = new ProcessHoldings(10, 5, 4_096, 20.5);
        ProcessHoldings after = new ProcessHoldings(12, 4, 8_192, 21);

        assertThat(after.moreThan(before)).isEqualTo("descriptors=2 threads=-1 native=4096 heap_mb=0.50");
    }
}
