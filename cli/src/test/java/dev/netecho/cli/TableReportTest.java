// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TableReportTest {
    private static ScriptedProvider someDown() {
        return new ScriptedProvider(
                (request, n) -> switch (request.destination().getAddress()[3]) {
                    case 1 -> ScriptedProvider.reply(request, 2_000_000);
                    case 2 -> n == 1 ? ScriptedProvider.reply(request, 1_000_000) : ScriptedProvider.timedOut(false);
                    default -> ScriptedProvider.noRoute();
                });
    }

    private static CommandRun run(Terminal terminal, String... more) {
        List<String> args = new ArrayList<>(List.of("-c", "3", "-i", "0.002", "127.0.0.1", "127.0.0.2", "127.0.0.3"));
        args.addAll(List.of(more));
        return CommandRun.with(someDown()).terminal(terminal).ping(args.toArray(String[]::new));
    }

    @Test
    void onATerminalSeveralTargetsGetALiveLineAndATableWorstFirst() {
        CommandRun run = run(new Terminal(true, 80, false));
        assertThat(run.out).contains("\r").doesNotContain("icmp_seq", "\u001b");
        assertThat(run.timeless())
                .startsWith("PING 3 targets, 56 bytes of data\n")
                .endsWith("""
                        target              loss   sent   lost   avg ms   max ms
                        127.0.0.3           100%      0      3          no route
                        127.0.0.2       66.6667%      3      2    1.000    1.000
                        127.0.0.1             0%      3      0    2.000    2.000

                        3 targets: 1 answered every request, 1 some, 1 none; time Tms
                        """);
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void coloursSayWhoIsDown() {
        assertThat(run(new Terminal(true, 80, true)).out)
                .contains("\u001b[31m127.0.0.3           100%", "\u001b[33m127.0.0.2       66.6667%")
                .contains("\u001b[m\n127.0.0.1             0%");
    }

    @Test
    void coloursAreLeftOutWhereTheyAreNotWanted() {
        System.setProperty("netecho.terminal", "true");
        System.setProperty("netecho.columns", "132");
        try {
            Map<String, String> usual = Map.of("TERM", "xterm");
            assertThat(Terminal.ofStandardOutput(usual)).isEqualTo(new Terminal(true, 132, true));
            assertThat(Terminal.ofStandardOutput(Map.of("TERM", "xterm", "NO_COLOR", "1"))
                            .hasColours())
                    .isFalse();
            assertThat(Terminal.ofStandardOutput(Map.of("TERM", "xterm", "NO_COLOR", ""))
                            .hasColours())
                    .isTrue();
            assertThat(Terminal.ofStandardOutput(Map.of("TERM", "dumb")).hasColours())
                    .isFalse();
        } finally {
            System.clearProperty("netecho.terminal");
            System.clearProperty("netecho.columns");
        }
        assertThat(Terminal.ofStandardOutput(Map.of("TERM", "xterm"))).isEqualTo(Terminal.NONE);
    }

    @Test
    void theLiveLineFitsAndNamesWhoIsDown() {
        for (int columns : new int[] {50, 60, 80}) {
            ScriptedProvider silent = new ScriptedProvider((request, n) -> ScriptedProvider.timedOut(false));
            CommandRun run = CommandRun.with(silent)
                    .terminal(new Terminal(true, columns, false))
                    .ping("-c", "200", "-i", "0.002", "127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4");
            String[] lines = run.out.split("[\r\n]");
            assertThat(Arrays.stream(lines).filter(line -> line.contains(" s  ")))
                    .isNotEmpty()
                    .allSatisfy(line -> assertThat(line.length()).isLessThan(columns))
                    .anySatisfy(line -> assertThat(line).matches("[0-9.]+ s  0 up  4 down: 127.*  100% lost *"));
        }
    }

    @Test
    void noRowIsWiderThanEightyColumns() {
        String longest = "2001:db8:1111:2222:3333:4444:5555:6666";
        CommandRun run = CommandRun.with(new ScriptedProvider())
                .terminal()
                .input(longest + "\n127.0.0.1 the core router in the second room on the left hand side\n")
                .ping("-c", "1", "-f", "-");
        assertThat(run.out.lines().filter(line -> line.contains("0.042")))
                .hasSize(2)
                .allSatisfy(line -> assertThat(line.length()).isLessThanOrEqualTo(80))
                .anySatisfy(line -> assertThat(line).startsWith("127.0.0.1 the core router in the second"));
        assertThat(run.out).contains("\n" + longest + " ");
    }

    @Test
    void aNameThatIsTooLongHasALineOfItsOwn() {
        String name = "a".repeat(60) + ".." + "b".repeat(10);
        CommandRun run = CommandRun.with(new ScriptedProvider()).terminal().ping("-c", "1", name, "127.0.0.1");
        assertThat(run.out).contains("\n" + name + "\n" + " ".repeat(39) + "     100% ");
    }

    @Test
    void moreThanTenTargetsGetATableWithoutATerminal() {
        List<String> args = new ArrayList<>(List.of("-c", "1"));
        for (int i = 1; i <= 11; i++) {
            args.add("127.0.1." + i);
        }
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping(args.toArray(String[]::new));
        assertThat(run.out).contains("11 targets: 11 answered every request").doesNotContain("\r", "icmp_seq");
        args.add("-v");
        CommandRun verbose = CommandRun.with(new ScriptedProvider()).ping(args.toArray(String[]::new));
        assertThat(verbose.out)
                .contains("[127.0.1.11] 64 bytes from 127.0.1.11: icmp_seq=1 ttl=64 time=0.042 ms")
                .contains("target              sent received errors timeouts not sent      loss     min ms     avg ms")
                .contains(
                        "\n127.0.1.11             1        1      0        0        0        0%      0.042      0.042");
        assertThat(verbose.status).isZero();
    }

    @Test
    void whoIsDownStandsAtTheEndIfTheTableIsLong() {
        List<String> args = new ArrayList<>(List.of("-c", "1"));
        for (int i = 1; i <= 30; i++) {
            args.add("127.0.0." + i);
        }
        assertThat(CommandRun.with(someDown()).ping(args.toArray(String[]::new)).out)
                .endsWith("\nno reply from 127.0.0.3, 127.0.0.4, 127.0.0.5, 127.0.0.6, 127.0.0.7 and 23 more\n");
    }
}
