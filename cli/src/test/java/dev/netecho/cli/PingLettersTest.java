// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequest;
import dev.netecho.spi.Stray;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The letters of ping(8) mean what they mean there. */
@Timeout(60)
class PingLettersTest {
    private final Queue<EchoRequest> sent = new ConcurrentLinkedQueue<>();

    /** Replies from the nth request on, and keeps all of them. */
    private ScriptedProvider replyingFrom(int first) {
        return new ScriptedProvider((request, n) -> {
            sent.add(request);
            return n < first ? ScriptedProvider.timedOut(false) : ScriptedProvider.reply(request, 42_000);
        });
    }

    private CommandRun ping(String... args) {
        return CommandRun.with(replyingFrom(1)).ping(args);
    }

    @Test
    void nPrintsAddresses() {
        assertThat(ping("-n", "-4", "-c", "1", "localhost").out)
                .startsWith("PING localhost (127.0.0.1) 56(84) bytes of data.\n64 bytes from 127.0.0.1: icmp_seq=1 ");
    }

    @Test
    void hPrintsTheNamesOfAddresses() {
        String name = InetAddress.getLoopbackAddress().getCanonicalHostName();
        String shown = name.equals("127.0.0.1") ? name : name + " (127.0.0.1)";
        assertThat(ping("-H", "-c", "1", "127.0.0.1").out).contains("64 bytes from " + shown + ": icmp_seq=1 ");
    }

    @Test
    void qPrintsOnlyTheEnd() {
        assertThat(ping("-q", "-c", "2", "-i", "0.002", "127.0.0.1").timeless()).isEqualTo("""
                PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.

                --- 127.0.0.1 ping statistics ---
                2 packets transmitted, 2 received, 0% packet loss, time Tms
                rtt min/avg/max/mdev = 0.042/0.042/0.042/0.000 ms
                """);
        CommandRun many = CommandRun.with(replyingFrom(1)).terminal().ping("-q", "-c", "1", "127.0.0.1", "127.0.0.2");
        assertThat(many.out).doesNotContain("\r").contains("2 targets: 2 answered every request");
    }

    @Test
    void dPrintsTheTime() {
        assertThat(ping("-D", "-c", "1", "127.0.0.1").out)
                .containsPattern("\n\\[[0-9]{10}\\.[0-9]{6}] 64 bytes from 127\\.0\\.0\\.1: icmp_seq=1 ");
    }

    @Test
    void oTellsOfAnAnswerThatIsNotThereYet() {
        AtomicReference<Interruptible> running = new AtomicReference<>();
        ScriptedProvider slow = new ScriptedProvider((request, n) -> {
            if (n == 4) {
                running.get().stop();
            }
            return n == 1 ? ScriptedProvider.SILENCE : ScriptedProvider.reply(request, 42_000);
        });
        CommandRun run = CommandRun.with(slow).running(running::set).ping("-O", "-i", "0.05", "127.0.0.1");
        assertThat(run.out).contains("\nno answer yet for icmp_seq=1\n64 bytes from 127.0.0.1: icmp_seq=2 ");
    }

    @Test
    void wEndsTheRunAndItsTimeouts() {
        CommandRun run = ping("-w", "1", "-i", "0.4", "-W", "10", "127.0.0.1");
        assertThat(run.out).containsPattern("([123]) packets transmitted, \\1 received, 0% packet loss");
        assertThat(run.status).isZero();
        assertThat(sent).extracting(EchoRequest::timeout).allMatch(t -> t.compareTo(Duration.ofSeconds(1)) <= 0);
    }

    /** Who gives only the end of the run waits for answers that take longer than a second, too: ping does. */
    @Test
    void wLeavesARequestTenSeconds() {
        ping("-w", "30", "-c", "1", "127.0.0.1");
        ping("-w", "30", "-W", "2", "-c", "1", "127.0.0.1");
        ping("-c", "1", "127.0.0.1");
        assertThat(sent)
                .extracting(EchoRequest::timeout)
                .containsExactly(Duration.ofSeconds(10), Duration.ofSeconds(2), Duration.ofSeconds(1));
    }

    @Test
    void wWithCAsksUntilSoManyReplied() {
        CommandRun run = CommandRun.with(replyingFrom(4)).ping("-c", "2", "-w", "30", "-i", "0.002", "127.0.0.1");
        // Another thread counts the replies. If it is late, a few more are sent; without -c, 15,000 would be.
        assertThat(run.out).containsPattern("\n[0-9]+ packets transmitted, ([2-9]|[1-9][0-9]{1,2}) received, ");
        assertThat(sent).hasSizeBetween(5, 1_000);
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void wWithCAsksNobodyMoreThanNeeded() {
        ScriptedProvider oneDown = new ScriptedProvider((request, n) -> {
            sent.add(request);
            return request.destination().getAddress()[3] == 2
                    ? ScriptedProvider.timedOut(false)
                    : ScriptedProvider.reply(request, 42_000);
        });
        CommandRun run =
                CommandRun.with(oneDown).ping("--json", "-c", "1", "-w", "1", "-i", "0.5", "127.0.0.1", "127.0.0.2");
        assertThat(run.out)
                .contains("\"summary\",\"target\":\"127.0.0.1\",\"address\":\"127.0.0.1\","
                        + "\"asked\":1,\"sent\":1,\"received\":1,")
                .containsPattern("\"summary\",\"target\":\"127.0.0.2\",\"address\":\"127.0.0.2\","
                        + "\"asked\":[23],\"sent\":[23],\"received\":0,");
        assertThat(run.status).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({"do, true", "probe, true", "want, false", "dont, false"})
    void fragmentsAreForbiddenOrAllowed(String given, boolean forbidden) {
        assertThat(ping("-M", given, "-c", "1", "127.0.0.1").status).isZero();
        assertThat(sent.element().options().dontFragment()).isEqualTo(forbidden);
    }

    @Test
    void pFillsThePayload() {
        assertThat(ping("-p", "a1b2c", "-s", "7", "-c", "1", "127.0.0.1").status)
                .isZero();
        assertThat(sent.element().payload().toByteArray()).containsExactly(0xa1, 0xb2, 0x0c, 0xa1, 0xb2, 0x0c, 0xa1);
    }

    @Test
    void lBeginsWithSeveralAtOnce() {
        long start = System.nanoTime();
        assertThat(ping("-l", "3", "-c", "3", "-i", "20", "127.0.0.1").status).isZero();
        assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(20));
        assertThat(sent).hasSize(3);
    }

    @Test
    void aAsksAgainAsSoonAsTheAnswerIsThere() {
        long start = System.nanoTime();
        assertThat(ping("-A", "-c", "5", "-i", "10", "127.0.0.1").status).isZero();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertThat(took).isBetween(Duration.ofMillis(8), Duration.ofSeconds(10));
    }

    /** The interval is as long as the run. */
    @Test
    void aEndsByTheClock() {
        CommandRun run = ping("-A", "-c", "5", "-w", "1", "127.0.0.1");
        assertThat(run.out).contains("5 packets transmitted, 5 received");
        assertThat(run.status).isZero();
    }

    @Test
    void whoMayFloodsWithAnIntervalOfZero() {
        for (CommandRun.Setting setting :
                List.of(CommandRun.with(replyingFrom(1)).privileged(), CommandRun.with(replyingFrom(1)))) {
            String[] args = {"-i", "0", "-q", "-c", "50", "--flood-allowed", "127.0.0.1"};
            assertThat(setting.ping(args).out).contains("50 packets transmitted, 50 received");
        }
    }

    @Test
    void iTakesAnInterfaceOnLinux() {
        String lo = System.getProperty("os.name").startsWith("Windows") ? "loopback_0" : "lo";
        CommandRun run = ping("-I", lo, "-c", "1", "127.0.0.1");
        assertThat(run.err)
                .isEqualTo("netecho: -I is \"" + lo
                        + "\", an interface; provider scripted takes an address of this host only\n");
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void mNeedsAProviderThatMarks() {
        CommandRun run = ping("-m", "1", "-c", "1", "127.0.0.1");
        assertThat(run.err).isEqualTo("netecho: -m cannot be used with provider scripted; leave it out\n");
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void duplicatesAndErrorsAreInTheSummary() {
        ScriptedProvider twice = replyingFrom(2).strays(Map.of(Stray.DUPLICATE, 1L));
        assertThat(CommandRun.with(twice).ping("-c", "2", "-i", "0.002", "127.0.0.1").out)
                .contains("2 packets transmitted, 1 received, +1 duplicates, 50% packet loss");
    }

    @Test
    void otherProgramsCallItAsTheyCallPing() {
        // Telegraf's plugin, and gping.
        assertThat(ping("-c", "1", "-n", "-s", "16", "-i", "1", "-W", "1", "-w", "10", "127.0.0.1").out)
                .contains("\n1 packets transmitted, 1 received, 0% packet loss, time ")
                .endsWith("ms\nrtt min/avg/max/mdev = 0.042/0.042/0.042/0.000 ms\n");
        assertThat(ping("-O", "-i0.2", "-c1", "127.0.0.1").out).contains("64 bytes from 127.0.0.1: icmp_seq=1 ");
    }

    /** All letters of iputils 20250605, with a value where they take one; -f has a test of its own. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "-3",
                "-4",
                "-a",
                "-A",
                "-b",
                "-B",
                "-c 1",
                "-C",
                "-d",
                "-D",
                "-e 5",
                "-F 1",
                "-g lo",
                "-H",
                "-i 0.2",
                "-I 127.0.0.1",
                "-l 2",
                "-L",
                "-m 1",
                "-M do",
                "-n",
                "-N name",
                "-O",
                "-p ff",
                "-q",
                "-Q 16",
                "-r",
                "-R",
                "-s 16",
                "-S 1000",
                "-t 64",
                "-T tsonly",
                "-U",
                "-v",
                "-w 1",
                "-W 1"
            })
    void everyLetterIsTakenOrTheErrorNamesWhatDoesIt(String given) {
        List<String> args = new ArrayList<>(List.of(given.split(" ", -1)));
        args.addAll(given.startsWith("-c") ? List.of("127.0.0.1") : List.of("-c1", "127.0.0.1"));
        CommandRun run = ping(args.toArray(String[]::new));
        if (run.status == 0) {
            assertThat(run.out).contains("\n1 packets transmitted, 1 received, 0% packet loss, time ");
        } else {
            assertThat(run.err)
                    .matches("netecho: (Unknown option: '" + given.substring(0, 2) + "'|-m cannot be used with provider"
                            + " scripted)(; .+)(; see netecho ping --help)?\n");
            assertThat(run.err).doesNotContain("'" + given.substring(0, 2) + "'; see");
        }
    }

    @Test
    void whoMeansAFloodIsTold() {
        assertThat(ping("-f", "127.0.0.1").err).contains("no such file", "to flood use -i 0");
        assertThat(ping("-f", "-c", "1", "127.0.0.1").err).contains("-f names a file of targets, and -i 0 floods");
    }
}
