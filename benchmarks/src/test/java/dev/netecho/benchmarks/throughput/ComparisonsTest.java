// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class ComparisonsTest {
    private final Comparisons comparisons = new Comparisons();
    private final List<String> order = new ArrayList<>();

    private void add(String name, double rate, double cpu) {
        comparisons.add(name, () -> {
            order.add(name);
            return new Outcome(rate, cpu, Map.of());
        });
    }

    @Test
    void everyProgramHasOneTurnARoundAndEachBeginsInItsTurn() throws Exception {
        add("a", 1, 1);
        add("b", 1, 1);
        add("c", 1, 1);
        comparisons.run(4);
        assertThat(order).containsExactly("a", "b", "c", "b", "c", "a", "c", "a", "b", "a", "b", "c");
        assertThat(comparisons.of("b")).hasSize(4);
    }

    @Test
    void ratiosDivideTheLibraryByTheReference() throws Exception {
        add("ours", 90, 6);
        add("theirs", 100, 5);
        comparisons.run(2);
        assertThat(comparisons.rateRatio("ours", "theirs").median()).isEqualTo(0.9);
        assertThat(comparisons.cpuRatio("ours", "theirs").median()).isEqualTo(1.2);
    }

    @Test
    void aProgramThatSaysNoRateIsAnError() {
        assertThatThrownBy(() -> Outcome.of("it", Map.of("cpu_us", "1")))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("it gave no rate");
        assertThatThrownBy(() -> Outcome.of("it", Map.of("rate", "0.0", "cpu_us", "1")))
                .isInstanceOf(IOException.class);
        assertThatThrownBy(() -> Outcome.of("it", Map.of("rate", "1", "cpu_us", "NaN")))
                .isInstanceOf(IOException.class);
    }
}
