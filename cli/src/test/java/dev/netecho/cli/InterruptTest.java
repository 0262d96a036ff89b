// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

@Timeout(60)
class InterruptTest {
    private final AtomicReference<PingRun> started = new AtomicReference<>();

    /** Interrupts the run when the nth request to a host is sent, and answers no request from then on. */
    private ScriptedProvider interruptedAt(int last) {
        return new ScriptedProvider((request, n) -> {
            if (n < last) {
                return ScriptedProvider.reply(request, 42_000);
            }
            started.get().stop();
            return ScriptedProvider.SILENCE;
        });
    }

    @Test
    void theSummaryIsPrintedAndRequestsGivenUpAreNotLost() {
        CommandRun run = CommandRun.with(interruptedAt(3)).running(started::set).ping("-i", "0.05", "127.0.0.1");
        assertThat(run.timeless()).endsWith("""
                        --- 127.0.0.1 ping statistics ---
                        2 packets transmitted, 2 received, 1 given up at the interrupt, 0% packet loss, time Tms
                        rtt min/avg/max/stddev = 0.042/0.042/0.042/0.000 ms
                        """);
        assertThat(run.status).isZero();
    }

    @Test
    void aHostThatNeverAnsweredIsNotCalledAnswered() {
        CommandRun run = CommandRun.with(interruptedAt(1)).running(started::set).ping("127.0.0.1");
        assertThat(run.timeless())
                .endsWith("0 packets transmitted, 0 received, 1 given up at the interrupt, time Tms\n");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void jsonEndsWithSummaryAndStatistics() {
        CommandRun run =
                CommandRun.with(interruptedAt(2)).running(started::set).ping("--json", "-i", "0.05", "127.0.0.1");
        assertThat(run.out.split("\n"))
                .hasSize(3)
                .anySatisfy(line -> assertThat(line).contains("\"summary\"", "\"sent\":1,\"received\":1"))
                .anySatisfy(line -> assertThat(line).contains("\"statistics\"", "\"abandoned\":0,\"in_flight\":1"));
        assertThat(run.status).isZero();
    }

    @Test
    void aReportThatIsReadSlowlyIsFinished() {
        AtomicInteger looks = new AtomicInteger();
        AtomicReference<InterruptHook> hook = new AtomicReference<>();
        hook.set(new InterruptHook(() -> {
            if (looks.get() == 20) {
                hook.get().finished(ExitStatus.ANSWERED);
            }
            return looks.incrementAndGet();
        }));
        assertThat(hook.get().awaitStatus(1)).isEqualTo(ExitStatus.ANSWERED);
        assertThat(looks.get()).isGreaterThan(20);
    }

    @Test
    void aReaderThatTakesNothingDoesNotKeepTheProcess() {
        assertThat(new InterruptHook(() -> 7).awaitStatus(1)).isEqualTo(ExitStatus.UNANSWERED);
    }

    @Test
    void aSignalEndsTheProcessWithTheStatusOfTheRun() throws IOException, InterruptedException {
        Process process = java("ping", "--provider", "scripted", "-i", "0.02", "127.0.0.1");
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8))) {
            String line;
            do {
                line = out.readLine();
            } while (line != null && !line.contains("icmp_seq=3 "));
            // SIGTERM, which the JVM treats as it treats SIGINT; Process.destroy() would close the stream we read.
            assertThat(process.toHandle().destroy()).isTrue();
            List<String> rest = out.lines().toList();
            assertThat(rest).anyMatch(text -> text.equals("--- 127.0.0.1 ping statistics ---"));
            assertThat(rest.get(rest.size() - 1)).startsWith("rtt min/avg/max/stddev = ");
        }
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(process.exitValue()).isZero();
    }

    @Test
    void aReaderThatGoesAwayEndsTheRunQuietly() throws IOException, InterruptedException {
        Process process = java("ping", "--json", "--provider", "scripted", "-i", "0.01", "127.0.0.1");
        process.getInputStream().read();
        process.getInputStream().close();
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEmpty();
        assertThat(process.exitValue()).isEqualTo(1);
    }

    @Test
    @DisabledOnOs(value = OS.WINDOWS, disabledReason = "closes descriptor 0 by a POSIX shell")
    void aClosedStandardInputIsNoListOfTargets() throws IOException, InterruptedException {
        List<String> command = new ArrayList<>(List.of("sh", "-c", "exec \"$@\" <&-", "sh"));
        command.addAll(command("ping", "--provider", "scripted", "-f", "-"));
        Process process = new ProcessBuilder(command).start();
        assertThat(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8))
                .isEqualTo("netecho: -f \"-\" cannot be read: standard input is closed;"
                        + " give a readable text file, or - for standard input\n");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
    }

    private static Process java(String... args) throws IOException {
        return new ProcessBuilder(command(args)).start();
    }

    private static List<String> command(String... args) {
        List<String> command = new ArrayList<>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                NetechoCommand.class.getName()));
        command.addAll(List.of(args));
        return command;
    }
}
