// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
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
    private final AtomicReference<Interruptible> started = new AtomicReference<>();

    /** Interrupts the run when the nth request to a host is sent or queued, and answers no request from then on. */
    private ScriptedProvider interruptedAt(int last, EchoOutcome fate) {
        return new ScriptedProvider((request, n) -> n < last ? ScriptedProvider.reply(request, 42_000) : fate)
                .unanswered(request -> started.get().stop());
    }

    private ScriptedProvider interruptedAt(int last) {
        return interruptedAt(last, ScriptedProvider.SILENCE);
    }

    @Test
    void theSummaryIsPrintedAndRequestsGivenUpAreNotLost() {
        CommandRun run = CommandRun.with(interruptedAt(3)).running(started::set).ping("-i", "0.05", "127.0.0.1");
        assertThat(run.timeless()).endsWith("""
                        --- 127.0.0.1 ping statistics ---
                        3 packets transmitted, 2 received, 0% packet loss, time Tms, 1 given up at the interrupt
                        rtt min/avg/max/mdev = 0.042/0.042/0.042/0.000 ms
                        """);
        assertThat(run.status).isZero();
    }

    @Test
    void aHostThatNeverAnsweredIsNotCalledAnswered() {
        CommandRun run = CommandRun.with(interruptedAt(1)).running(started::set).ping("127.0.0.1");
        assertThat(run.timeless())
                .endsWith("1 packets transmitted, 0 received, time Tms, 1 given up at the interrupt\n");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void jsonEndsWithSummaryAndStatistics() {
        CommandRun run =
                CommandRun.with(interruptedAt(2)).running(started::set).ping("--json", "-i", "0.05", "127.0.0.1");
        assertThat(run.out.split("\n"))
                .hasSize(4)
                .anySatisfy(line -> assertThat(line)
                        .contains(
                                "\"summary\"",
                                "\"asked\":2,\"sent\":2,\"received\":1",
                                "\"given_up\":1,\"loss_percent\":0,"))
                .anySatisfy(line -> assertThat(line).contains("\"statistics\"", "\"abandoned\":0,\"in_flight\":1"));
        assertThat(run.status).isZero();
    }

    @Test
    void aRequestThatNeverLeftIsNotCalledTransmitted() {
        CommandRun text = CommandRun.with(interruptedAt(2, ScriptedProvider.QUEUED))
                .running(started::set)
                .ping("-i", "0.05", "127.0.0.1");
        assertThat(text.out)
                .contains("1 packets transmitted, 1 received, 0% packet loss, time ")
                .contains("ms, 1 given up at the interrupt\n");
        CommandRun json = CommandRun.with(interruptedAt(2, ScriptedProvider.QUEUED))
                .running(started::set)
                .ping("--json", "-i", "0.05", "127.0.0.1");
        assertThat(json.out).contains("\"asked\":2,\"sent\":1,\"received\":1", "\"given_up\":1,\"loss_percent\":0,");
    }

    /** The first of three hosts replies, the second is silent, and the run is interrupted at the third. */
    private CommandRun.Setting threeHosts(EchoOutcome third) {
        ScriptedProvider provider = new ScriptedProvider(
                (request, n) -> switch (request.destination().getAddress()[3]) {
                    case 1 -> ScriptedProvider.reply(request, 42_000);
                    case 2 -> ScriptedProvider.SILENCE;
                    default -> third;
                });
        provider.unanswered(request -> {
            if (request.destination().getAddress()[3] == 3) {
                started.get().stop();
            }
        });
        return CommandRun.with(provider).running(started::set);
    }

    @Test
    void withSeveralTargetsWhatWasSentIsToldOnlyWhereItIsCertain() {
        String givenUp = "\"asked\":1,\"sent\":null,\"received\":0,\"icmp_errors\":0,\"timed_out\":0,\"not_sent\":0,"
                + "\"given_up\":1,\"loss_percent\":null,";
        CommandRun json =
                threeHosts(ScriptedProvider.QUEUED).ping("--json", "-i", "10", "127.0.0.1", "127.0.0.2", "127.0.0.3");
        assertThat(json.out)
                .contains("\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\",\"asked\":1,\"sent\":1,\"received\":1,")
                .contains("\"address\":\"127.0.0.2\"," + givenUp, "\"address\":\"127.0.0.3\"," + givenUp);
        assertThat(json.status).isEqualTo(1);
        assertThat(threeHosts(ScriptedProvider.QUEUED).ping("-i", "10", "127.0.0.1", "127.0.0.2", "127.0.0.3").out)
                .contains("\n1 packets transmitted, 1 received, 0% packet loss, time ")
                .containsPattern("\n1 packets asked, 0 received, time \\d+ms, 1 given up at the interrupt\n");
    }

    @Test
    void theTableSaysHowManyOfThoseGivenUpWereSent() {
        CommandRun run =
                threeHosts(ScriptedProvider.SILENCE).terminal().ping("-i", "10", "127.0.0.1", "127.0.0.2", "127.0.0.3");
        assertThat(run.out)
                .containsPattern("\n127\\.0\\.0\\.1 +0% +1 +0 ")
                .containsPattern("\n127\\.0\\.0\\.2 +- +1 +0 ")
                .contains(
                        "\n2 requests were given up at the interrupt, 2 of them sent; they are not counted as lost\n");
        CommandRun unsure =
                threeHosts(ScriptedProvider.QUEUED).terminal().ping("-i", "10", "127.0.0.1", "127.0.0.2", "127.0.0.3");
        assertThat(unsure.out)
                .containsPattern("\n127\\.0\\.0\\.2 +- +- +0 ")
                .contains(
                        "\n2 requests were given up at the interrupt, 1 of them sent; they are not counted as lost\n");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void aTargetThatWasNotAskedYetIsNotCalledAnswered() {
        InetAddress host = InetAddress.getLoopbackAddress();
        TargetStatistics answered = new TargetStatistics(new Target("a", host));
        answered.add(ScriptedProvider.reply(EchoRequest.to(host), 42_000));
        assertThat(answered.isAnswered()).isTrue();
        assertThat(new TargetStatistics(new Target("b", host)).isAnswered()).isFalse();
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
            assertThat(rest.get(rest.size() - 1)).startsWith("rtt min/avg/max/mdev = ");
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
                        + " give a readable text file of targets, or - for standard input (to flood use -i 0)\n");
        assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).isEqualTo(2);
    }

    private static Process java(String... args) throws IOException {
        return new ProcessBuilder(command(args)).start();
    }

    static List<String> command(String... args) {
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
