// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ManyTargetsTest {
    private static final int TARGETS = 5_000;

    private static String addresses(int targets) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < targets; i++) {
            text.append("127.1.")
                    .append(i / 250)
                    .append('.')
                    .append(1 + i % 250)
                    .append('\n');
        }
        return text.toString();
    }

    @Test
    void everyTargetIsAskedInEveryRoundAndReportedOnce() {
        CommandRun run = CommandRun.with(new ScriptedProvider())
                .input(addresses(TARGETS))
                .ping("--json", "-c", "3", "-i", "0.1", "-f", "-");
        assertThat(run.err).isEmpty();
        assertThat(run.status).isZero();
        Set<String> outcomes = new HashSet<>();
        Set<String> summaries = new HashSet<>();
        for (String line : run.out.lines().toList()) {
            if (line.startsWith("{\"type\":\"outcome\"")) {
                assertThat(outcomes.add(line)).as(line).isTrue();
            } else if (line.startsWith("{\"type\":\"summary\"")) {
                assertThat(line).contains("\"sent\":3,\"received\":3,");
                summaries.add(line);
            }
        }
        assertThat(outcomes).hasSize(3 * TARGETS);
        assertThat(summaries).hasSize(TARGETS);
        assertThat(run.out).contains("{\"type\":\"statistics\",\"sent\":15000,\"replies\":15000,");
    }

    @Test
    void theNumberOfThreadsDoesNotGrowWithTheTargets() {
        AtomicInteger most = new AtomicInteger();
        ScriptedProvider provider = new ScriptedProvider((request, n) -> {
            most.accumulateAndGet(Thread.getAllStackTraces().size(), Math::max);
            return ScriptedProvider.reply(request, 1_000);
        });
        int before = Thread.getAllStackTraces().size();
        CommandRun run = CommandRun.with(provider).input(addresses(200)).ping("-c", "1", "-f", "-");
        assertThat(run.status).isZero();
        // The engine, the timer, and the resolvers while they end.
        assertThat(most.get()).isBetween(2, before + 20);
    }
}
