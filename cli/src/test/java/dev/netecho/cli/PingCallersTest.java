// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.NotSent;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@DisplayName(
        "Programs that call ping on Linux understand netecho ping: its arguments are theirs, and their parsers read it")
@Timeout(60)
class PingCallersTest {
    /** What becomes of every request. */
    private enum Network {
        REPLIES,
        SILENT,
        UNREACHABLE,
        NEEDS_FRAGMENTS,
        WITHOUT_ROUTE,
        FORBIDDEN,
        WITHOUT_NAME;

        EchoOutcome outcome(EchoRequest request) {
            InetAddress router = InetAddress.getLoopbackAddress();
            return switch (this) {
                case REPLIES -> ScriptedProvider.reply(request, 42_000);
                case UNREACHABLE ->
                    ScriptedProvider.error(router, IcmpErrorKind.HOST_UNREACHABLE, 3, 1, OptionalInt.empty());
                case NEEDS_FRAGMENTS ->
                    ScriptedProvider.error(router, IcmpErrorKind.FRAGMENTATION_NEEDED, 3, 4, OptionalInt.of(1400));
                case WITHOUT_ROUTE -> ScriptedProvider.noRoute();
                case FORBIDDEN ->
                    NotSent.because(NotSentReason.NOT_PERMITTED, "sendto to 192.0.2.1: EPERM (1): not permitted");
                default -> ScriptedProvider.timedOut(false);
            };
        }

        /**
         * Every run is one second, or one request: with -w and -c, ping asks on until the count of replies is there.
         */
        CommandRun ping(String... args) {
            CommandRun.Setting setting = CommandRun.with(new ScriptedProvider((request, n) -> outcome(request)));
            if (this == WITHOUT_NAME) {
                setting.names(name -> {
                    throw new UnknownHostException(name + ": Name or service not known");
                });
            }
            String host = this == WITHOUT_NAME ? "host.test" : "127.0.0.1";
            return setting.ping(Stream.concat(Stream.of(args), Stream.of(host)).toArray(String[]::new));
        }
    }

    /** The first line with a TTL; the numbers before the first two commas; the fourth word of the line of times. */
    private static String telegraf(CommandRun run) {
        if (run.status > 1) {
            return "error";
        }
        String ttl = "";
        String packets = "error";
        String times = "";
        for (String line : run.out.split("\n", -1)) {
            Matcher hops = Pattern.compile("(ttl|hlim)=(\\d+)").matcher(line);
            if (ttl.isEmpty() && hops.find()) {
                ttl = " ttl " + hops.group(2);
            } else if (line.contains("transmitted") && line.contains("received")) {
                String[] parts = line.split(", ", -1);
                packets = Integer.parseInt(parts[1].split(" ", -1)[0]) + "/"
                        + Integer.parseInt(parts[0].split(" ", -1)[0]);
            } else if (line.contains("min/avg/max")) {
                times = " avg " + Double.parseDouble(line.split(" ", -1)[3].split("/", -1)[1]);
            }
        }
        return packets + ttl + times;
    }

    @ParameterizedTest
    @EnumSource
    void telegrafUnderstands(Network network) {
        CommandRun run = network.ping("-c", "1", "-n", "-s", "16", "-i", "1", "-W", "1", "-w", "1");
        assertThat(telegraf(run))
                .as(run.out + run.err)
                .isEqualTo(
                        switch (network) {
                            case REPLIES -> "1/1 ttl 64 avg 0.042";
                            case WITHOUT_ROUTE, FORBIDDEN -> "0/0";
                            case WITHOUT_NAME -> "error";
                            default -> "0/1";
                        });
        // A deadline below one second is cut to 0, which is none.
        assertThat(network.ping("-c", "1", "-n", "-s", "16", "-w", "0").status)
                .isEqualTo(network == Network.REPLIES ? 0 : network == Network.WITHOUT_NAME ? 2 : 1);
    }

    /** Times are in lines that begin so; a line of -O is a time-out; any other is ignored. */
    private static List<String> gping(CommandRun run) {
        List<String> seen = new ArrayList<>();
        for (String line : run.out.split("\n", -1)) {
            Matcher time = Pattern.compile("time=(\\d+)(?:\\.(\\d+))? *ms").matcher(line);
            if (line.startsWith("64 bytes from") && time.find()) {
                seen.add(time.group(1) + "." + time.group(2));
            } else if (line.startsWith("no answer yet")) {
                seen.add("none");
            }
        }
        return seen;
    }

    @ParameterizedTest
    @EnumSource
    void gpingUnderstands(Network network) {
        CommandRun run = network.ping("-O", "-i0.2", "-c1");
        assertThat(gping(run)).isEqualTo(network == Network.REPLIES ? List.of("0.042") : List.of());
        assertThat(run.status).isEqualTo(network == Network.REPLIES ? 0 : network == Network.WITHOUT_NAME ? 2 : 1);
    }

    /** It asks which ping this is, and refuses all but two. */
    @Test
    void gpingTakesItForAPingWhoseOptionsItKnows() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).run("ping", "-V");
        assertThat(run.out).startsWith("netecho ").contains("iputils");
        assertThat(run.err).isEmpty();
        assertThat(run.status).isZero();
    }

    /** Looks for errors in every line of both streams, then for the loss, whole lines from their beginning. */
    private static String checkPing(CommandRun run) {
        String loss = "?";
        String average = "?";
        for (String line : (run.out + run.err).split("\n", -1)) {
            if (line.contains("Network is unreachable")) {
                return "network unreachable";
            }
            if (line.contains("Destination Host Unreachable")) {
                return "host unreachable";
            }
            Matcher packets = Pattern.compile("^\\d+ packets transmitted, \\d+ received, (?:(\\d+)% packet loss, time"
                            + "|\\+\\d+ errors, (\\d+)% packet loss|\\+\\d+ duplicates, (\\d+)% packet loss)")
                    .matcher(line);
            Matcher times = Pattern.compile("^rtt min/avg/max/mdev = [\\d.]+/([\\d.]+)/[\\d.]+/[\\d.]+ ms")
                    .matcher(line);
            if (packets.find()) {
                loss = packets.group().replaceAll(".* (\\d+)%.*", "$1");
            } else if (times.find()) {
                average = times.group(1);
            }
        }
        return loss.equals("100") ? "lost" : loss + "% " + average;
    }

    @ParameterizedTest
    @EnumSource
    void checkPingUnderstands(Network network) {
        for (List<String> version : List.of(List.of("-4"), List.<String>of())) {
            List<String> args = new ArrayList<>(version);
            args.addAll(List.of("-n", "-U", "-w", "1", "-c", "1"));
            CommandRun run = network.ping(args.toArray(String[]::new));
            assertThat(checkPing(run))
                    .as(run.out + run.err)
                    .isEqualTo(
                            switch (network) {
                                case REPLIES -> "0% 0.042";
                                case UNREACHABLE -> "host unreachable";
                                case WITHOUT_ROUTE -> "network unreachable";
                                case WITHOUT_NAME -> "?% ?";
                                default -> "lost";
                            });
        }
    }

    /** Four numbers in the output are up; all else is down. */
    private static String homeAssistant(CommandRun run) {
        Matcher times = Pattern.compile("(\\d+.\\d+)/(\\d+.\\d+)/(\\d+.\\d+)/(\\d+.\\d+)")
                .matcher(run.out.replace("\n", "\\n"));
        return times.find() ? times.group(2) : "down";
    }

    @ParameterizedTest
    @EnumSource
    void homeAssistantUnderstands(Network network) {
        CommandRun run = network.ping("-n", "-q", "-c", "1", "-W1");
        assertThat(homeAssistant(run)).isEqualTo(network == Network.REPLIES ? "0.042" : "down");
        assertThat(run.status > 1).isEqualTo(network == Network.WITHOUT_NAME);
    }

    /** The first time in a line with three equals signs is that of a reply, whatever else is in the line. */
    private static String nodePing(CommandRun run) {
        String time = "down";
        String loss = "?";
        boolean footer = false;
        List<String> lines = run.out.lines().filter(line -> !line.isBlank()).toList();
        for (String line : lines.subList(Math.min(1, lines.size()), lines.size())) {
            Matcher percent = Pattern.compile(" ([\\d.]+(\\.?[\\d]*))%").matcher(line);
            if (footer && percent.find()) {
                loss = percent.group(1);
            } else if (!footer && line.chars().filter(c -> c == '=').count() >= 3) {
                Matcher millis = Pattern.compile("([0-9.]+) *ms").matcher(line);
                assertThat(millis.find()).as(line).isTrue();
                time = time.equals("down") ? millis.group(1) : time;
            }
            footer |= line.contains("---");
        }
        return time + " " + loss + "%";
    }

    @ParameterizedTest
    @EnumSource
    void uptimeKumaUnderstands(Network network) {
        List<String[]> all = List.of(
                new String[] {"-n", "-W", "2", "-c", "1"},
                new String[] {"-n", "-w", "1", "-W", "2", "-c", "1", "-s", "56"},
                new String[] {"-n", "-w 1", "-c 1"});
        for (String[] args : all) {
            CommandRun run = network.ping(args);
            assertThat(nodePing(run))
                    .as(run.out + run.err)
                    .isEqualTo(
                            switch (network) {
                                case REPLIES -> "0.042 0%";
                                case WITHOUT_NAME -> "down ?%";
                                default -> "down 100%";
                            });
        }
    }

    /** The first time after an equals sign anywhere is that of a reply; anything on standard error is an error. */
    private static String pingLite(CommandRun run) {
        Matcher time = Pattern.compile("=([0-9.]+?) ms").matcher(run.out);
        return !run.err.isEmpty() ? "error" : time.find() ? time.group(1) : "down";
    }

    @ParameterizedTest
    @EnumSource
    void pingLiteUnderstands(Network network) {
        CommandRun run = network.ping("-n", "-w", "1", "-c", "1");
        assertThat(pingLite(run))
                .as(run.out)
                .isEqualTo(
                        switch (network) {
                            case REPLIES -> "0.042";
                            case WITHOUT_NAME -> "error";
                            default -> "down";
                        });
    }
}
