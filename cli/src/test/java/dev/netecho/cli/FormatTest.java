// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IcmpErrorKind;
import java.net.InetAddress;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What programs read. */
@Timeout(60)
class FormatTest {
    private static ScriptedProvider oneOfThree() {
        return ScriptedProvider.answering(List.of(
                (request, n) -> ScriptedProvider.reply(request, 42_000),
                (request, n) -> ScriptedProvider.error(
                        InetAddress.getLoopbackAddress(), IcmpErrorKind.HOST_UNREACHABLE, 3, 1, OptionalInt.empty()),
                (request, n) -> ScriptedProvider.timedOut(true)));
    }

    private static String ping(ScriptedProvider provider, String input, String... args) {
        CommandRun run = CommandRun.with(provider).input(input).ping(args);
        assertThat(run.err).isEmpty();
        return run.out;
    }

    @Test
    void csvHasALinePerRequest() {
        String[] args = {"--csv", "-c", "3", "-i", "0.002", "-f", "-"};
        assertThat(ping(oneOfThree(), "127.0.0.1 a \"core\", old\n", args).replaceAll("(?m)^[0-9]{16},", "T,"))
                .isEqualTo("""
                        asked_at_us,target,label,address,sequence,outcome,responder,rtt_us,hop_limit,detail
                        T,127.0.0.1,"a ""core"", old",127.0.0.1,1,reply,127.0.0.1,42.0,64,
                        T,127.0.0.1,"a ""core"", old",127.0.0.1,2,icmp_error,127.0.0.1,81.0,,host_unreachable
                        T,127.0.0.1,"a ""core"", old",127.0.0.1,3,timed_out,,,,local_drops_suspected
                        """);
        assertThat(ping(oneOfThree(), "", "--format", "csv", "-c", "1", "127.0.0.1", "no..such"))
                .contains(",no..such,,,1,not_sent,,,,unresolved\n");
    }

    @Test
    void telegrafHasItsOwnNames() {
        String out =
                ping(oneOfThree(), "", "--format", "telegraf", "-c", "3", "-i", "0.002", "127.0.0.1", "no such,host");
        assertThat(out.replaceAll(" [0-9]{19}\n", " T\n"))
                .isEqualTo("ping,url=127.0.0.1,ip=127.0.0.1 packets_received=1i,result_code=0i,packets_transmitted=3i,"
                        + "percent_packet_loss=66.6667,minimum_response_ms=0.042,average_response_ms=0.042,"
                        + "maximum_response_ms=0.042,standard_deviation_ms=0.000 T\n"
                        + "ping,url=no\\ such\\,host result_code=1i T\n");
    }

    @Test
    void zabbixHasTheKeysOfItsChecks() {
        String[] args = {"--format", "zabbix", "-c", "3", "-i", "0.002", "127.0.0.1", "no..such"};
        assertThat(ping(oneOfThree(), "", args)).isEqualTo("""
                - "icmpping[\\"127.0.0.1\\"]" 1
                - "icmppingloss[\\"127.0.0.1\\"]" 66.6667
                - "icmppingsec[\\"127.0.0.1\\"]" 0.000042
                - "icmppingloss[\\"no..such\\"]" 100
                """);
    }

    @Test
    void zabbixIsNotToldThatAHostIsDownWhereThisHostDroppedPackets() {
        ScriptedProvider dropping = new ScriptedProvider((request, n) -> ScriptedProvider.timedOut(true));
        assertThat(ping(dropping, "", "--format", "zabbix", "-c", "1", "127.0.0.1"))
                .isEqualTo("- \"icmppingloss[\\\"127.0.0.1\\\"]\" 100\n");
    }

    @Test
    void netdataGetsChartsAndThenValues() {
        String[] args = {"--format", "netdata", "-c", "3", "-i", "0.002", "127.0.0.1"};
        assertThat(ping(oneOfThree(), "", args)).isEqualTo("""
                CHART netecho.127_0_0_1_packets '' 'Packets of 127.0.0.1' 'packets' '127.0.0.1' \
                netecho.packets line 110020 1
                DIMENSION asked '' absolute 1 1
                DIMENSION received '' absolute 1 1
                CHART netecho.127_0_0_1_quality '' 'Replies of 127.0.0.1' 'percentage' '127.0.0.1' \
                netecho.quality area 110010 1
                DIMENSION returned '' absolute 1 1000
                CHART netecho.127_0_0_1_latency '' 'Round-trip time of 127.0.0.1' 'milliseconds' '127.0.0.1' \
                netecho.latency area 110000 1
                DIMENSION min minimum absolute 1 1000
                DIMENSION max maximum absolute 1 1000
                DIMENSION avg average absolute 1 1000
                BEGIN netecho.127_0_0_1_packets
                SET asked = 3
                SET received = 1
                END
                BEGIN netecho.127_0_0_1_quality
                SET returned = 33333
                END
                BEGIN netecho.127_0_0_1_latency
                SET min = 42
                SET max = 42
                SET avg = 42
                END
                """);
    }

    @Test
    void netdataGetsValuesDuringTheRun() {
        String[] args = {"--format", "netdata", "-c", "4", "-i", "0.5", "127.0.0.1"};
        assertThat(ping(new ScriptedProvider(), "", args).split("BEGIN netecho.127_0_0_1_packets", -1))
                .hasSizeGreaterThan(2);
    }

    @Test
    void oneFormatIsEnough() {
        assertThat(CommandRun.with(oneOfThree()).ping("--json", "--csv", "127.0.0.1").err)
                .isEqualTo("netecho: --json, --csv and --format are given together; give only one of them\n");
        assertThat(CommandRun.with(oneOfThree()).ping("--format", "xml", "127.0.0.1").err)
                .isEqualTo("netecho: --format is \"xml\"; it must be csv, json, netdata, telegraf or zabbix\n");
    }
}
