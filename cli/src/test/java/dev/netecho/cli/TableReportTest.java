// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
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

    @Test
    void onATerminalSeveralTargetsGetALiveLineAndATable() {
        CommandRun run = CommandRun.with(someDown())
                .terminal()
                .ping("-c", "3", "-i", "0.001", "127.0.0.1", "127.0.0.2", "127.0.0.3");
        assertThat(run.out).contains("\r").doesNotContain("icmp_seq");
        assertThat(run.timeless())
                .startsWith("PING 3 targets, 56 bytes of data\n")
                .endsWith("""
                        target              sent received errors timeouts not sent      loss     min ms     avg ms     max ms  stddev ms
                        127.0.0.1              3        3      0        0        0        0%      2.000      2.000      2.000      0.000
                        127.0.0.2              3        1      0        2        0  66.6667%      1.000      1.000      1.000      0.000
                        127.0.0.3              0        0      0        0        3      100%          -          -          -          -

                        3 targets: 1 answered every request, 1 some, 1 none; time Tms
                        """);
        assertThat(run.status).isEqualTo(1);
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
        assertThat(verbose.out).contains("[127.0.1.11] 64 bytes from 127.0.1.11: icmp_seq=1 ttl=64 time=0.042 ms");
        assertThat(verbose.status).isZero();
    }
}
