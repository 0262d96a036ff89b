// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.EchoRequesterProvider;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("Wrong usage ends with status 2 and one line that names the value and what is allowed")
class UsageTest {
    private static final String HOST = "127.0.0.1";

    private static Arguments wrong(String line, String... args) {
        return Arguments.of(line, List.of(args));
    }

    static Stream<Arguments> wrongUsage() {
        String counts = "it must be a whole number from 1 to 1000000000";
        String ends = "it must be a whole number from 0 to 31536000";
        String seconds = "it must be 0.000001 to 31536000 seconds";
        String flood = "below 0.002 seconds only root may send, unless --flood-allowed is given";
        String sizes = "it must be a whole number from 0 to 65500";
        String hops = "it must be a whole number from 1 to 255";
        String classes = "it must be 0 to 255, or 0x00 to 0xff";
        String sources = "it must be an IPv4 or IPv6 address of this host, or one of its interfaces";
        return Stream.of(
                wrong("Unknown option: '--colour'; see netecho ping --help", "--colour", HOST),
                wrong("Unknown option: '-x'; see netecho ping --help", "-x", HOST),
                wrong(
                        "Unknown option: '-3'; times always have three digits or more; see netecho ping --help",
                        "-3",
                        HOST),
                wrong("Unknown option: '-12'; see netecho ping --help", "-12", HOST),
                wrong("Missing required parameter for option '-c' (N); see netecho ping --help", HOST, "-c"),
                wrong("option '-c' (N) should be specified only once; see netecho ping --help", "-c1", "-c2", HOST),
                wrong("no target given; name at least one host or address, or a file of them with -f"),
                wrong("no target given; name at least one host or address, or a file of them with -f", "-c", "1"),
                wrong("-c is \"0\"; " + counts, "-c", "0", HOST),
                wrong("-c is \"-1\"; " + counts, "-c", "-1", HOST),
                wrong("-c is \"two\"; " + counts, "-c", "two", HOST),
                wrong("-c is \"99999999999999999999\"; " + counts, "-c", "99999999999999999999", HOST),
                wrong("-i is \"0\"; " + flood, "-i", "0", HOST),
                wrong("-i is \"0.0019\"; " + flood, "-i", "0.0019", HOST),
                wrong("-l is \"4\"; it must be a whole number from 1 to 3", "-l", "4", HOST),
                wrong("--resolve-every is \"0.5\"; it must be 1 second or more", "--resolve-every", "0.5", HOST),
                wrong(
                        "--resolve-every is \"9\"; with --all-addresses the targets stay those of the start: leave one"
                                + " of them out",
                        "--resolve-every",
                        "9",
                        "--all-addresses",
                        HOST),
                wrong("-w is \"0.1\"; " + ends, "-w", "0.1", HOST),
                wrong("-w is \"0,1\"; " + ends, "-w", "0,1", HOST),
                wrong("-w is \"-1\"; " + ends, "-w", "-1", HOST),
                wrong("-p is \"xyz\"; it must be 1 to 32 hexadecimal digits, two a byte", "-p", "xyz", HOST),
                wrong("-m is \"-1\"; it must be a whole number from 1 to 2147483647", "-m", "-1", HOST),
                wrong(
                        "Unknown option: '-R'; most routers ignore it; netecho trace finds the hops; see netecho ping"
                                + " --help",
                        "-R",
                        HOST),
                wrong("-i is \"-0.5\"; " + seconds, "-i", "-0.5", HOST),
                wrong("-i is \"1s\"; " + seconds, "-i", "1s", HOST),
                wrong("-W is \"0\"; " + seconds, "-W", "0", HOST),
                wrong("-W is \"-1\"; " + seconds, "-W", "-1", HOST),
                wrong("-W is \"NaN\"; " + seconds, "-W", "NaN", HOST),
                wrong("-W is \"1e999999999\"; " + seconds, "-W", "1e999999999", HOST),
                wrong("-W is \"1e-999999999\"; " + seconds, "-W", "1e-999999999", HOST),
                wrong("-s is \"-1\"; " + sizes, "-s", "-1", HOST),
                wrong("-s is \"65501\"; " + sizes, "-s", "65501", HOST),
                wrong("-s is \"\"; " + sizes, "-s", "", HOST),
                wrong("-t is \"0\"; " + hops, "-t", "0", HOST),
                wrong("-t is \"256\"; " + hops, "-t", "256", HOST),
                wrong("-Q is \"-1\"; " + classes, "-Q", "-1", HOST),
                wrong("-Q is \"256\"; " + classes, "-Q", "256", HOST),
                wrong("-Q is \"0x100\"; " + classes, "-Q", "0x100", HOST),
                wrong(
                        "-M is \"yes\"; it must be do or probe (never fragment), want or dont (fragment where needed)",
                        "-M",
                        "yes",
                        HOST),
                wrong("-I is \"192.0.2.77\"; " + sources, "-I", "192.0.2.77", HOST),
                wrong("-I is \"2001:db8::77\"; " + sources, "-I", "2001:db8::77", HOST),
                wrong("-I is \"no-such-if\"; " + sources, "-I", "no-such-if", HOST),
                wrong("-I is \"0.0.0.0\"; " + sources, "-I", "0.0.0.0", HOST),
                wrong("-I is \"224.0.0.1\"; " + sources, "-I", "224.0.0.1", HOST),
                wrong("-I is \"127.0.0.1\", which is IPv4; with -6 it must be IPv6", "-6", "-I", "127.0.0.1", "::1"),
                wrong("target \"::1\" has no IPv4 address; it has ::1", "-I", "127.0.0.1", "::1"),
                wrong("target \"::1\" has no IPv4 address; it has ::1", "-4", "::1"),
                wrong("target \"127.0.0.1\" has no IPv6 address; it has 127.0.0.1", "-6", HOST),
                wrong("-4 and -6 are both given; give only one of them", "-4", "-6", HOST),
                wrong("target \"no such host\" does not resolve", "--strict", HOST, "no such host"),
                wrong("target \"no such host\" does not resolve, and 1 more like it", "no such host", "no..such"),
                wrong(
                        "target \"127.0.0.1\u00a0\" has the invisible character U+00A0 (no-break space); remove it",
                        HOST + "\u00a0"),
                wrong(
                        "target \"010.9.2.2\" has two readings: 10.9.2.2 (decimal) and 8.9.2.2"
                                + " (a leading zero means octal); give the one you mean",
                        "010.9.2.2"),
                wrong(
                        "target \"0177.0.0.1\" has two readings: 177.0.0.1 (decimal) and 127.0.0.1"
                                + " (a leading zero means octal); give the one you mean",
                        HOST,
                        "0177.0.0.1"),
                wrong(
                        "target \"127.010\" has two readings: 127.0.0.10 (decimal) and 127.0.0.8"
                                + " (a leading zero means octal); give the one you mean",
                        "127.010"),
                wrong(
                        "target \"::ffff:127.0.0.010\" has two readings: ::ffff:127.0.0.10 (decimal) and"
                                + " ::ffff:127.0.0.8 (a leading zero means octal); give the one you mean",
                        "::ffff:127.0.0.010"),
                wrong("target \"08.1.1.1\" is an address only for some programs; give it as 8.1.1.1", "08.1.1.1"),
                wrong("target \"0x7f.1\" is an address only for some programs; give it as 127.0.0.1", "0x7f.1"),
                wrong(
                        "target \"017700000001\" is an address only for some programs; give it as 127.0.0.1",
                        "017700000001"),
                wrong(
                        "-I \"0177.0.0.1\" has two readings: 177.0.0.1 (decimal) and 127.0.0.1"
                                + " (a leading zero means octal); give the one you mean",
                        "-I",
                        "0177.0.0.1",
                        HOST),
                wrong(
                        "target \"fd00:5::1%lo\" has a zone, which only link-local addresses have (fe80::/10);"
                                + " give it as fd00:5::1",
                        "fd00:5::1%lo"),
                wrong(
                        "target \"::1%1\" has a zone, which only link-local addresses have (fe80::/10); give it as ::1",
                        "::1%1"),
                wrong(
                        "-I \"::1%1\" has a zone, which only link-local addresses have (fe80::/10); give it as ::1",
                        "-I", "::1%1", "::1"),
                wrong(
                        "target \"[::ffff:010.9.2.2]\" has two readings: ::ffff:10.9.2.2 (decimal) and"
                                + " ::ffff:8.9.2.2 (a leading zero means octal); give the one you mean",
                        "[::ffff:010.9.2.2]"),
                wrong(
                        "-I \"[::FFFF:0177.0.0.1]\" has two readings: ::FFFF:177.0.0.1 (decimal) and ::FFFF:127.0.0.1"
                                + " (a leading zero means octal); give the one you mean",
                        "-I",
                        "[::FFFF:0177.0.0.1]",
                        HOST),
                wrong(
                        "target \"[fd00:5::1%lo]\" has a zone, which only link-local addresses have (fe80::/10);"
                                + " give it as fd00:5::1",
                        "[fd00:5::1%lo]"),
                wrong("target \"0X7F.1.\" does not resolve", "0X7F.1."),
                wrong("target \"\" does not resolve", ""),
                wrong("target \"fe80::1%nosuchif\" does not resolve", "fe80::1%nosuchif"),
                wrong("target \"a?b\" does not resolve", "a\nb"),
                wrong("--provider is \"pigeon\"; it must be one of: scripted", "--provider", "pigeon", HOST),
                wrong(
                        "-f \"/no/such/file\" cannot be read: no such file;"
                                + " give a readable text file of targets, or - for standard input"
                                + " (to flood use -i 0)",
                        "-f",
                        "/no/such/file"),
                wrong("-f \"-\" names no target; it must name at least one", "-f", "-"));
    }

    @ParameterizedTest(name = "netecho ping {1}")
    @MethodSource("wrongUsage")
    void isRefused(String line, List<String> args) {
        List<String> all = new ArrayList<>(List.of("ping"));
        all.addAll(args);
        CommandRun run = CommandRun.with(new ScriptedProvider()).run(all.toArray(String[]::new));
        // What the resolver of this host says is its own.
        assertThat(run.err.replaceAll("(does not resolve) \\([^)]*\\)", "$1")).isEqualTo("netecho: " + line + "\n");
        assertThat(run.out).isEmpty();
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void aListMayHaveNoAddressWithTwoReadingsEither() {
        CommandRun run = CommandRun.with(new ScriptedProvider())
                .input("127.0.0.1\n127.0.0.011\n")
                .ping("-f", "-");
        assertThat(run.err).startsWith("netecho: -f \"-\" line 2: target \"127.0.0.011\" has two readings: ");
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void anAddressThatEveryProgramReadsAlikeIsTaken() {
        for (String text :
                List.of("127.1", "127.0.1", "127.0.0.01", "127.000.000.001", "2130706433", "::ffff:127.0.0.1")) {
            CommandRun run = CommandRun.with(new ScriptedProvider()).ping("-c", "1", "-4", text);
            assertThat(run.out).as(text).contains("64 bytes from ", "127.0.0.1: icmp_seq=1");
            assertThat(run.status).isZero();
        }
    }

    @Test
    void aGroupOfIpv6IsHexadecimalForEverybody() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("-c", "1", "::0010");
        assertThat(run.out).contains("64 bytes from ::10: icmp_seq=1");
        assertThat(run.status).isZero();
    }

    @ParameterizedTest
    @CsvSource({"pong, ping", "pnig, ping", "tarce, trace", "docter, doctor", "mtr, mtu"})
    void aMistypedCommandIsRefused(String given, String meant) {
        CommandRun run = new CommandRun.Setting().run(given, HOST);
        assertThat(run.err)
                .isEqualTo("netecho: there is no command \"" + given + "\"; did you mean " + meant
                        + "? To ping a host of that name: netecho ping " + given + "\n");
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void aMistypedOptionIsNamed() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("--jsn", HOST);
        assertThat(run.err)
                .isEqualTo("netecho: Unknown option: '--jsn'; did you mean --json?; see netecho ping --help\n");
    }

    /** What -3 is in ping(8) says nothing to the others. */
    @Test
    void aNumberIsNoTargetOfAnyCommand() {
        for (String command : List.of("trace", "mtu", "monitor")) {
            CommandRun run = new CommandRun.Setting().run(command, "-3", HOST);
            assertThat(run.err).isEqualTo("netecho: Unknown option: '-3'; see netecho " + command + " --help\n");
            assertThat(run.status).isEqualTo(2);
        }
    }

    @Test
    void withoutACommandTargetsArePinged() {
        for (List<String> args :
                List.of(List.of("-c", "1", HOST), List.of(HOST, "-c", "1"), List.of("localhost", "-4", "-c", "1"))) {
            List<String> all = new ArrayList<>(args);
            all.addAll(List.of("--provider", "scripted"));
            CommandRun run = CommandRun.with(new ScriptedProvider()).run(all.toArray(String[]::new));
            assertThat(run.out).as("%s", args).contains("127.0.0.1", "icmp_seq=1");
            assertThat(run.status).isZero();
        }
    }

    @Test
    void helpIsACommandToo() {
        assertThat(new CommandRun.Setting().run("help").out).startsWith("Usage: netecho ");
        CommandRun ping = new CommandRun.Setting().run("help", "ping");
        assertThat(ping.out).startsWith("Usage: netecho ping");
        assertThat(ping.status).isZero();
    }

    @Test
    void nothingAtAllPrintsTheUsageOnStandardError() {
        CommandRun run = new CommandRun.Setting().run();
        assertThat(run.err).startsWith("Usage: netecho ").contains("ping", "doctor");
        assertThat(run.out).isEmpty();
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void helpGoesToStandardOutput() {
        for (String command : List.of("ping", "doctor")) {
            CommandRun run = new CommandRun.Setting().run(command, "--help");
            assertThat(run.out).startsWith("Usage: netecho " + command).contains("Exit status: 0");
            assertThat(run.err).isEmpty();
            assertThat(run.status).isZero();
        }
    }

    @Test
    void theVersionIsOneLine() {
        CommandRun run = new CommandRun.Setting().run("--version");
        assertThat(run.out).matches("netecho \\S.*\n");
        assertThat(run.status).isZero();
    }

    @Test
    void anUnexpectedErrorIsOneLineWithoutStackTrace() {
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        CommandContext context = new CommandContext(
                InputStream.nullInputStream(),
                new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                Terminal.NONE,
                false,
                () -> {
                    throw new IllegalStateException("two\nlines");
                },
                InetAddress::getAllByName,
                List::of,
                stop -> {});
        assertThat(NetechoCommand.execute(context, "doctor")).isEqualTo(2);
        assertThat(err.toString(StandardCharsets.UTF_8))
                .isEqualTo("netecho: unexpected error, please report it: java.lang.IllegalStateException: two?lines\n");
    }

    @Test
    void theFirstRefusalIsOneLineWithWhatToType() {
        ScriptedProvider closed = new ScriptedProvider()
                .availability(Availability.unavailable("the range is closed", "as root: open it; or else", null));
        CommandRun run = CommandRun.with(closed).ping("-c", "1", HOST);
        assertThat(run.err)
                .isEqualTo("netecho: nothing can send here. Remedy: as root: open it (details: netecho doctor)\n");
        assertThat(run.out).isEmpty();
        assertThat(run.status).isEqualTo(2);
    }

    @Test
    void aProviderThatFailsOnlyWhenItOpensSaysAllOfIt() {
        EchoRequesterProvider broken = new ScriptedProvider() {
            @Override
            public EchoEngine open(EchoConfig config) {
                throw new IllegalArgumentException("no such interface");
            }
        };
        CommandRun run = CommandRun.with(broken).ping("-c", "1", HOST);
        assertThat(run.err)
                .startsWith("netecho: no ICMP echo provider is available here")
                .contains("scripted: no such interface");
        assertThat(run.status).isEqualTo(2);
    }
}
