// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

final class FiguresTest {
    private final ByteArrayOutputStream output = new ByteArrayOutputStream();
    private final Figures figures = new Figures(new PrintStream(output, true, StandardCharsets.UTF_8));

    private String printed() {
        return output.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theLastLinesAreTheFiguresInTheirOrderAndGoalsComeBefore() {
        figures.goal("rate_ratio", 0.98, Comparison.AT_LEAST, 0.98);
        figures.add("rate", 123456.7);
        figures.goal("cpu_ratio", new Spread(1.0501, 1, 2, 3), Comparison.AT_MOST, 1.05);
        output.reset();
        figures.printAll();
        assertThat(printed().lines())
                .containsExactly(
                        "",
                        "# goal rate_ratio >= 0.9800: reached",
                        "# goal cpu_ratio <= 1.050: missed",
                        "rate_ratio=0.9800",
                        "rate=123457",
                        "cpu_ratio=1.050",
                        "cpu_ratio_min=1",
                        "cpu_ratio_max=2");
    }

    @Test
    void aFigureIsPrintedAsItComes() {
        figures.goal("lost", 1, Comparison.AT_MOST, 0);
        assertThat(printed()).contains("lost").contains("goal <= 0: missed");
    }

    @Test
    void numbersKeepFourDigitsThatCount() {
        assertThat(Figures.number(0)).isEqualTo("0");
        assertThat(Figures.number(0.12345)).isEqualTo("0.1235");
        assertThat(Figures.number(-1.23456)).isEqualTo("-1.235");
        assertThat(Figures.number(12.3456)).isEqualTo("12.35");
        assertThat(Figures.number(123.456)).isEqualTo("123.5");
        assertThat(Figures.number(12345.6)).isEqualTo("12346");
        assertThat(Figures.number(50_000)).isEqualTo("50000");
    }

    @Test
    void aNameIsUsedOnceAndHasOneForm() {
        figures.add("rate", 1);
        assertThatThrownBy(() -> figures.add("rate", 2)).hasMessageContaining("added before");
        assertThatThrownBy(() -> figures.add("Rate", 2)).hasMessageContaining("\"Rate\"");
        assertThatThrownBy(() -> figures.add("rate-two", 2)).hasMessageContaining("\"rate-two\"");
    }

    @Test
    void whatIsNoNumberWasNotMeasured() {
        assertThatThrownBy(() -> figures.add("rate", Double.NaN)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> figures.add("rate", Double.POSITIVE_INFINITY)).hasMessageContaining("Infinity");
        assertThat(figures.entries()).isEmpty();
    }
}
