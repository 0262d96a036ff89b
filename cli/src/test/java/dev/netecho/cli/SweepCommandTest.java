// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IcmpErrorKind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepCommandTest {
    private static final String[] FIRST = {"sweep", "--provider", "scripted"};

    /** Of eight hosts of a loopback network, the fifth is unreachable, and the seventh is silent. */
    private static ScriptedProvider network() {
        return new ScriptedProvider((request, number) -> {
            int host = request.destination().getAddress()[3];
            if (host == 4) {
                return ScriptedProvider.error(
                        request.destination(), IcmpErrorKind.HOST_UNREACHABLE, 3, 1, OptionalInt.empty());
            }
            return host == 6 ? ScriptedProvider.timedOut(false) : ScriptedProvider.reply(request, 2_000_000);
        });
    }

    private static CommandRun.Setting with(ScriptedProvider provider) {
        return CommandRun.with(provider);
    }

    private static String[] sweep(String... args) {
        String[] all = Arrays.copyOf(FIRST, FIRST.length + args.length);
        System.arraycopy(args, 0, all, FIRST.length, args.length);
        return all;
    }

    @Test
    void saysWhatItWillDoAndWhatItFound() {
        CommandRun run = with(network()).run(sweep("127.0.1.0/29"));
        List<String> lines = run.out.lines().toList();
        assertThat(lines.get(0)).isEqualTo("SWEEP 127.0.1.0-127.0.1.7: 8 addresses, 10000 probes/s, about 3 s");
        assertThat(lines)
                .hasSize(10)
                .contains(
                        "127.0.1.0 is alive (2.00 ms)",
                        "127.0.1.4 is unreachable: host unreachable from 127.0.1.4",
                        "8 asked: 6 alive, 1 ICMP errors, 1 silent, 0 unsure, 0 refused");
        assertThat(lines.get(9)).matches("8 probes, time \\d+\\.\\d s, scripted");
        assertThat(run.err).isEmpty();
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void everyoneAliveIsSuccess() {
        CommandRun run = with(network()).run(sweep("-a", "127.0.1.0/30"));
        assertThat(run.out.lines()).containsExactlyInAnyOrder("127.0.1.0", "127.0.1.1", "127.0.1.2", "127.0.1.3");
        assertThat(run.err).startsWith("SWEEP ").contains("4 asked: 4 alive");
        assertThat(run.status).isZero();
    }

    @Test
    void listsWhoIsSilent() {
        assertThat(with(network()).run(sweep("-u", "127.0.1.0/29")).out).isEqualTo("127.0.1.6\n");
    }

    @Test
    void writesJson(@TempDir Path folder) throws IOException {
        Path file = folder.resolve("hosts");
        CommandRun run = with(network()).run(sweep("--json", "-o", file.toString(), "127.0.1.4-127.0.1.6"));
        assertThat(Files.readAllLines(file))
                .containsExactlyInAnyOrder(
                        "{\"type\":\"host\",\"address\":\"127.0.1.4\",\"result\":\"error\","
                                + "\"earlier\":false,\"rtt_us\":81.0,"
                                + "\"kind\":\"host_unreachable\",\"responder\":\"127.0.1.4\",\"version\":1}",
                        "{\"type\":\"host\",\"address\":\"127.0.1.5\",\"result\":\"reply\","
                                + "\"earlier\":false,\"rtt_us\":2000.0,\"version\":1}",
                        "{\"type\":\"host\",\"address\":\"127.0.1.6\",\"result\":\"silent\","
                                + "\"earlier\":false,\"rtt_us\":null,\"version\":1}");
        List<String> lines = run.out.lines().toList();
        assertThat(lines).hasSize(2);
        assertThat(lines.get(0)).startsWith("{\"type\":\"plan\",\"targets\":3,\"refused\":0,\"shard\":0,\"shards\":1,");
        assertThat(lines.get(1))
                .startsWith("{\"type\":\"sweep\",\"targets\":3,\"asked\":3,\"answered\":1,\"errors\":1,\"silent\":1,"
                        + "\"unsure\":0,\"refused\":0,\"left\":0,\"duplicates\":null,\"packets\":3,");
    }

    @Test
    @EnabledOnOs(OS.LINUX)
    void saysThatTheFileIsFull() {
        CommandRun run = with(network()).run(sweep("-a", "-o", "/dev/full", "127.0.1.0/30"));
        assertThat(run.err).contains("netecho: -o \"/dev/full\" cannot be written to its end; make room");
        assertThat(run.status).isEqualTo(2);
    }

    /** As with a reader that has gone: nobody would get what the rest of the network answers. */
    @Test
    @EnabledOnOs(OS.LINUX)
    void stopsIfNobodyReadsTheHosts() {
        AtomicInteger asked = new AtomicInteger();
        ScriptedProvider counting = new ScriptedProvider((request, number) -> {
            asked.incrementAndGet();
            return ScriptedProvider.reply(request, 1_000_000);
        });
        CommandRun run = with(counting).run(sweep("-a", "-o", "/dev/full", "--rate", "10000", "127.1.0.0/17"));
        assertThat(run.status).isEqualTo(2);
        assertThat(asked).as("of 32,768").hasValueLessThan(20_000);
    }

    @Test
    void readsRangesAndExclusions(@TempDir Path folder) throws IOException {
        Path exclusions = Files.writeString(folder.resolve("not"), "127.0.1.2/31 # ours\n127.0.1.0\n");
        CommandRun run = with(network())
                .input("127.0.1.0/30 a network\n")
                .run(sweep("-a", "-f", "-", "--exclude", exclusions.toString()));
        assertThat(run.out).isEqualTo("127.0.1.1\n");
        Files.writeString(exclusions, "127.0.1.1\nnobody\n");
        assertThat(with(network()).run(sweep("--exclude", exclusions.toString(), "127.0.1.0/30")).err)
                .contains("--exclude \"" + exclusions + "\" line 2: \"nobody\" is not an address");
    }

    @Test
    void shardsShareTheWork() {
        StringBuilder all = new StringBuilder();
        for (int shard = 0; shard < 3; shard++) {
            all.append(with(network()).run(sweep("-a", "--shard", shard + "/3", "127.0.1.0/30")).out);
        }
        assertThat(all.toString().lines())
                .containsExactlyInAnyOrder("127.0.1.0", "127.0.1.1", "127.0.1.2", "127.0.1.3");
    }

    @Test
    void stopsAndContinues(@TempDir Path folder) {
        String file = folder.resolve("checkpoint").toString();
        AtomicReference<Interruptible> running = new AtomicReference<>();
        AtomicInteger asked = new AtomicInteger();
        ScriptedProvider stopping = new ScriptedProvider((request, number) -> {
            if (asked.incrementAndGet() == 100) {
                running.get().summarize();
                running.get().stop();
            }
            return ScriptedProvider.reply(request, 1_000_000);
        });
        CommandRun first =
                with(stopping).running(running::set).run(sweep("--rate", "500", "--checkpoint", file, "127.0.1.0/24"));
        assertThat(first.out).containsPattern("\\d+ asked: \\d+ alive.*; \\d+ not asked yet");
        assertThat(first.err)
                .containsPattern("\\d+%  \\d+ alive  \\d+/s  \\d+ s left\n")
                .endsWith("stopped; to continue: netecho sweep --provider scripted --rate 500 --checkpoint " + file
                        + " 127.0.1.0/24\n");
        assertThat(first.status).isEqualTo(1);
        CommandRun second = with(network()).run(sweep("-a", "--checkpoint", file, "127.0.1.0/24"));
        assertThat(second.err)
                .containsPattern("\nof the answers, \\d+ replies and 0 ICMP errors are from earlier runs,"
                        + " between 2\\d{3}-.*Z and 2\\d{3}-.*Z\n");
        // Those that the first run found are printed again.
        assertThat(second.out.lines()).hasSizeGreaterThanOrEqualTo(254).doesNotHaveDuplicates();
    }

    /** Hosts that replied on another day are not up now. */
    @Test
    void saysThatASweepWasCompleteAlreadyAndAskedNobodyNow(@TempDir Path folder) {
        String file = folder.resolve("checkpoint").toString();
        assertThat(with(network()).run(sweep("--checkpoint", file, "127.0.1.0/30")).status)
                .isZero();
        AtomicInteger asked = new AtomicInteger();
        ScriptedProvider nobody = new ScriptedProvider((request, number) -> {
            asked.incrementAndGet();
            return ScriptedProvider.timedOut(false);
        });
        CommandRun again = with(nobody).run(sweep("--checkpoint", file, "127.0.1.0/30"));
        assertThat(again.out)
                .contains("127.0.1.1 was alive in an earlier run\n")
                .doesNotContain("is alive");
        assertThat(again.err)
                .matches("nothing was asked now: the sweep of the checkpoint \"\\Q" + file
                        + "\\E\" was complete already,"
                        + " and ended at 2\\d{3}-.*Z; to sweep again, delete that file or give another one\n");
        assertThat(again.status).isEqualTo(1);
        CommandRun json = with(nobody).run(sweep("--json", "--checkpoint", file, "127.0.1.0/30"));
        assertThat(json.out)
                .contains("\"127.0.1.1\",\"result\":\"reply\",\"earlier\":true,")
                .contains("\"complete\":true,\"already_complete\":true,\"earlier_began\":")
                .contains("\"earlier_answered\":4,");
        assertThat(json.err).startsWith("nothing was asked now");
        assertThat(with(nobody).run(sweep("-a", "--checkpoint", file, "127.0.1.0/30")).err)
                .contains("nothing was asked now");
        assertThat(asked).hasValue(0);
    }

    @Test
    void showsOnATerminalHowFarItIs() {
        CommandRun run = with(network()).terminal().run(sweep("--rate", "10", "127.0.1.0/29"));
        assertThat(run.out).containsPattern("\r\\d+%  \\d+ alive  \\d+/s  \\d s left");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--rate|0|--rate is \"0\"; it must be 1 to 10M probes a second",
                "--rate|11M|--rate is \"11M\"; it must be 1 to 10M probes a second",
                "--rate|fast|--rate is \"fast\"; it must be 1 to 10M probes a second",
                "--shard|3|--shard is \"3\"; it must be I/N, such as 0/20 to 19/20",
                "--shard|3/3|--shard is \"3\"; it must be a whole number from 0 to 2",
                "--seed|x|--seed is \"x\"; it must be a whole number of 64 bits with its sign",
                "-W|4000|-W is \"4000\"; it must be 0.001 to 3600 seconds",
                "-r|11|-r is \"11\"; it must be a whole number from 0 to 10",
                "--way|packet|--way and --provider are both given; give only one of them"
            })
    void refusesWhatIsOutOfRange(String option, String value, String message) {
        CommandRun run = with(network()).run(sweep(option, value, "127.0.1.1"));
        assertThat(run.err).isEqualTo("netecho: " + message + "\n");
        assertThat(run.status).isEqualTo(2);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "127.0.1.0/33|the network \"127.0.1.0/33\" has the length \"33\"; it must be 0 to 32",
                "2001:db8::/32|has more than 4294967296 addresses",
                "-|no range given; give a network such as 192.0.2.0/24, or a file of them with -f",
                "0.0.0.0/0|more shards"
            })
    void refusesWhatItCannotSweep(String range, String message) {
        CommandRun run = with(network()).run(range.equals("-") ? sweep() : sweep(range));
        assertThat(run.err).startsWith("netecho: ").contains(message);
        assertThat(run.status).isEqualTo(2);
    }
}
