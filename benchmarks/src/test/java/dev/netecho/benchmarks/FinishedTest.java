// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

final class FinishedTest {
    @Test
    void wordsWithAnEqualsSignAreValues() {
        Finished finished = new Finished(0, "a line\nrate=1.5 cpu_us=2 =no\nrate=3 text=a=b\n");
        assertThat(finished.values()).isEqualTo(Map.of("rate", "3", "cpu_us", "2", "text", "a=b"));
    }
}
