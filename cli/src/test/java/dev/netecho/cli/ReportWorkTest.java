// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoStatistics;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How often a report looks at a target, counted: a clock would measure the machine. */
class ReportWorkTest {
    private static final PacketLines LINES = new PacketLines(new OutcomeText(false, false, false), false, true);

    private static final int TARGETS = 1_000;

    /** A sum over all targets, a pass that prints, and a few more, but never a pass for each target. */
    private static final long MOST_LOOKS = 10L * TARGETS;

    private static final class CountingList<T> extends AbstractList<T> {
        private final List<T> list;
        long looks;

        CountingList(List<T> list) {
            this.list = list;
        }

        @Override
        public T get(int index) {
            looks++;
            return list.get(index);
        }

        @Override
        public int size() {
            return list.size();
        }
    }

    private final CountingList<Target> targets = new CountingList<>(new ArrayList<>());
    private final CountingList<Asked> asked = new CountingList<>(new ArrayList<>());
    private final CountingList<TargetStatistics> statistics = new CountingList<>(new ArrayList<>());
    private final PrintStream nowhere = new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);

    ReportWorkTest() throws UnknownHostException {
        for (int i = 0; i < TARGETS; i++) {
            InetAddress address = InetAddress.getByAddress(new byte[] {127, 1, (byte) (i >> 8), (byte) i});
            Target target = new Target(address.getHostAddress(), address);
            targets.list.add(target);
            asked.list.add(new Asked(target, EchoRequest.to(address)));
            statistics.list.add(new TargetStatistics(target));
        }
    }

    private void report(PingReport report) {
        report.started();
        for (int i = 0; i < TARGETS; i++) {
            TargetStatistics target = statistics.list.get(i);
            EchoOutcome reply =
                    ScriptedProvider.reply(EchoRequest.to(target.target().address()), 42_000);
            target.add(reply);
            report.outcome(target, new Probe(new RunEvents(), i, target.target(), 1), reply);
        }
        RunResult result = RunResult.of(statistics, counters(), Duration.ofSeconds(1), "scripted");
        report.finished(result);
        assertThat(result.exitStatus()).isZero();
        assertThat(targets.looks + asked.looks + statistics.looks)
                .as("looks at one of " + TARGETS + " targets")
                .isBetween((long) TARGETS, MOST_LOOKS);
    }

    private static EchoStatistics counters() {
        return EchoStatistics.newBuilder().sent(TARGETS).replies(TARGETS).build();
    }

    @Test
    void jsonLooksAtEachTargetAFewTimes() {
        report(new JsonReport(nowhere));
    }

    @Test
    void theTableLooksAtEachTargetAFewTimes() {
        report(new TableReport(nowhere, Terminal.NONE, targets, EchoPayload.DEFAULT.size(), LINES, false, false));
    }

    @Test
    void thePacketsLookAtEachTargetAFewTimes() {
        report(new PacketReport(nowhere, asked, LINES, false));
    }
}
