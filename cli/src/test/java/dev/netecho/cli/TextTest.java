// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome.IcmpError;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class TextTest {
    @ParameterizedTest
    @CsvSource({
        "0:0:0:0:0:0:0:1, ::1",
        "0:0:0:0:0:0:0:0, ::",
        "2001:db8:0:0:1:0:0:1, 2001:db8::1:0:0:1",
        "2001:db8:0:1:1:1:1:1, 2001:db8:0:1:1:1:1:1",
        "2001:DB8:0:0:0:0:2:1, 2001:db8::2:1",
        "2001:0:0:1:0:0:0:1, 2001:0:0:1::1",
        "1:2:3:4:5:6:0:0, 1:2:3:4:5:6::",
        "127.0.0.1, 127.0.0.1"
    })
    void addressesAreWrittenAsRfc5952Says(String given, String written) throws UnknownHostException {
        assertThat(AddressText.of(InetAddress.getByName(given))).isEqualTo(written);
    }

    @Test
    void scopesStay() throws UnknownHostException {
        assertThat(AddressText.of(InetAddress.getByName("fe80::1%1"))).isEqualTo("fe80::1%1");
    }

    @Test
    void jsonStringsAreEscaped() {
        assertThat(JsonLine.ofType("a\"b\\c\n\r\t\u0000\u001f\u007f\u2028\ud83d\ude00é")
                        .toString())
                .isEqualTo("{\"type\":\"a\\\"b\\\\c\\n\\r\\t\\u0000\\u001f\\u007f\\u2028\\ud83d\\ude00é\"}");
        assertThat(new JsonLine().toString()).isEqualTo("{}");
        assertThat(new JsonLine().put("a", (String) null).put("b", -1L).toString())
                .isEqualTo("{\"a\":null,\"b\":-1}");
    }

    private static TargetStatistics target(int number, int replies, int timeouts) throws UnknownHostException {
        InetAddress address = InetAddress.getByAddress(new byte[] {127, 0, 0, (byte) number});
        TargetStatistics target = new TargetStatistics(new Target(address.getHostAddress(), address));
        for (int i = 0; i < replies; i++) {
            target.add(ScriptedProvider.reply(EchoRequest.to(address), 42_000));
        }
        for (int i = 0; i < timeouts; i++) {
            target.add(ScriptedProvider.timedOut(false));
        }
        return target;
    }

    @Test
    void anInterimSummaryHasALinePerTargetIfTheyAreFew() throws UnknownHostException {
        assertThat(SummaryText.soFar(List.of(target(1, 3, 1), target(2, 0, 2), target(3, 0, 0)), Duration.ofSeconds(4)))
                .containsExactly(
                        "127.0.0.1: 3/4 packets, 25% loss, rtt min/avg/max/mdev = 0.042/0.042/0.042/0.000 ms",
                        "127.0.0.2: 0/2 packets, 100% loss", "127.0.0.3: 0/0 packets");
    }

    @Test
    void anInterimSummaryOfManyTargetsIsOneLine() throws UnknownHostException {
        List<TargetStatistics> targets = new ArrayList<>();
        for (int i = 1; i <= 8; i++) {
            targets.add(target(i, 2, 0));
        }
        targets.addAll(List.of(target(9, 1, 1), target(10, 0, 2), target(11, 0, 0)));
        assertThat(SummaryText.soFar(targets, Duration.ofSeconds(4)))
                .containsExactly(
                        "11 targets so far: 8 answered every request, 1 some, 1 none, 1 without an outcome yet;"
                                + " 17/20 packets, 15% loss; time 4000ms");
    }

    private static String text(
            String responder, IcmpErrorKind kind, OptionalInt type, OptionalInt code, OptionalInt mtu)
            throws UnknownHostException {
        return IcmpErrorText.of(new IcmpError(
                InetAddress.getByName(responder), kind, type, code, mtu, Duration.ofNanos(1), Duration.ZERO));
    }

    @ParameterizedTest
    @CsvSource(
            quoteCharacter = '"',
            value = {
                "127.0.0.1, 3, 0, Destination Net Unreachable",
                "127.0.0.1, 3, 1, Destination Host Unreachable",
                "127.0.0.1, 3, 3, Destination Port Unreachable",
                "127.0.0.1, 3, 4, Frag needed and DF set (mtu = 1400)",
                "127.0.0.1, 3, 10, Destination Host Prohibited",
                "127.0.0.1, 3, 13, Packet filtered",
                "127.0.0.1, 3, 200, \"ICMP error of type 3, code 200\"",
                "127.0.0.1, 4, 0, Source Quench",
                "127.0.0.1, 11, 0, Time to live exceeded",
                "127.0.0.1, 11, 1, Frag reassembly time exceeded",
                "127.0.0.1, 12, 0, Parameter problem",
                "::1, 1, 0, Destination unreachable: No route",
                "::1, 1, 1, Destination unreachable: Administratively prohibited",
                "::1, 1, 3, Destination unreachable: Address unreachable",
                "::1, 1, 4, Destination unreachable: Port unreachable",
                "::1, 2, 0, Packet too big: mtu=1400",
                "::1, 3, 0, Time exceeded: Hop limit",
                "::1, 3, 1, Time exceeded: Defragmentation failure",
                "::1, 4, 1, Parameter problem"
            })
    void icmpErrorsHaveTheWordsOfPing(String responder, int type, int code, String words) throws UnknownHostException {
        IcmpErrorKind kind =
                responder.contains(":") ? IcmpErrorKind.ofIcmpv6(type, code) : IcmpErrorKind.ofIcmpv4(type, code);
        assertThat(text(responder, kind, OptionalInt.of(type), OptionalInt.of(code), OptionalInt.of(1400)))
                .isEqualTo(words);
    }

    @ParameterizedTest
    @EnumSource(IcmpErrorKind.class)
    void everyKindHasWordsWithoutTypeAndCode(IcmpErrorKind kind) throws UnknownHostException {
        OptionalInt hidden = OptionalInt.empty();
        for (String responder : new String[] {"127.0.0.1", "::1"}) {
            assertThat(text(responder, kind, hidden, hidden, hidden))
                    .isNotBlank()
                    .doesNotContain("_", "-1");
        }
    }
}
