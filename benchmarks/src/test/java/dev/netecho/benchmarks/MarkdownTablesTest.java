// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class MarkdownTablesTest {
    private final Figures figures =
            new Figures(new PrintStream(new ByteArrayOutputStream(), true, StandardCharsets.UTF_8));

    @Test
    void aGoalIsARowWithItsSpreadItsVerdictAndItsCommand() {
        figures.begin("throughput");
        figures.goal("rate_ratio", new Spread(0.99, 0.9, 1.1, 7), Comparison.AT_LEAST, 0.98);
        figures.add("rate", 150_000);
        assertThat(MarkdownTables.tables(Map.of("kernel", "Linux | 6"), figures.entries(), Map.of()))
                .isEqualTo("""
                        | measured on | |
                        |---|---|
                        | kernel | Linux \\| 6 |

                        | goal | figure | | command |
                        |---|---|---|---|
                        | `rate_ratio` >= 0.9800 | 0.9900 (0.9000 to 1.100) | reached | `./benchmarks/run --only throughput` |

                        | figure without a goal | value | command |
                        |---|---|---|
                        | `rate` | 150000 | `./benchmarks/run --only throughput` |
                        """);
    }

    @Test
    void whatStandsAroundTheTablesStays() throws IOException {
        String page = "before\n" + MarkdownTables.BEGIN + "\nold\n" + MarkdownTables.END + "\nbehind\n";
        assertThat(MarkdownTables.replace(page, "new\n"))
                .isEqualTo("before\n" + MarkdownTables.BEGIN + "\n\nnew\n\n" + MarkdownTables.END + "\nbehind\n");
    }

    @Test
    void aPageWithoutMarksIsLeftAsItIs(@TempDir Path folder) throws IOException {
        Path page = Files.writeString(folder.resolve("page.md"), "mine");
        assertThatThrownBy(() -> MarkdownTables.write(page, Map.of(), figures.entries(), Map.of()))
                .hasMessageContaining(MarkdownTables.BEGIN);
        assertThat(page).hasContent("mine");
    }

    @Test
    void aPageThatIsNotThereIsMade(@TempDir Path folder) throws IOException {
        Path page = folder.resolve("page.md");
        MarkdownTables.write(
                page, Map.of("kernel", "Linux"), figures.entries(), Map.of("idle-wakeups", "strace is\nnot installed"));
        assertThat(page)
                .content()
                .contains("| kernel | Linux |")
                .as("a goal does not vanish with what it needs")
                .contains("| `idle-wakeups` | strace is not installed | not measured |");
    }
}
