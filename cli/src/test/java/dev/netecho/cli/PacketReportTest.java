// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.spi.Stray;
import java.net.InetAddress;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PacketReportTest {
    @Test
    void oneHostLooksAsPingUsersKnowIt() {
        ScriptedProvider provider = ScriptedProvider.answering(List.of(
                (request, n) -> ScriptedProvider.reply(request, 11_000),
                (request, n) -> ScriptedProvider.reply(request, 13_000)));
        CommandRun run = CommandRun.with(provider).ping("-c", "2", "-i", "0.002", "127.0.0.1");
        assertThat(run.timeless()).isEqualTo("""
                PING 127.0.0.1 (127.0.0.1) 56(84) bytes of data.
                64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.011 ms
                64 bytes from 127.0.0.1: icmp_seq=2 ttl=64 time=0.013 ms

                --- 127.0.0.1 ping statistics ---
                2 packets transmitted, 2 received, 0% packet loss, time Tms
                rtt min/avg/max/mdev = 0.011/0.012/0.013/0.001 ms
                """);
        assertThat(run.err).isEmpty();
        assertThat(run.status).isZero();
    }

    @Test
    void everyOutcomeHasItsLine() {
        ScriptedProvider provider = ScriptedProvider.answering(List.of(
                (request, n) -> ScriptedProvider.altered(request, 1_234_000),
                (request, n) -> ScriptedProvider.error(
                        InetAddress.getLoopbackAddress(), IcmpErrorKind.HOST_UNREACHABLE, 3, 1, OptionalInt.empty()),
                (request, n) -> ScriptedProvider.timedOut(false),
                (request, n) -> ScriptedProvider.timedOut(true),
                (request, n) -> ScriptedProvider.noRoute()));
        CommandRun run = CommandRun.with(provider).ping("-c", "5", "-i", "0.002", "-s", "100", "127.0.0.1");
        assertThat(run.timeless()).isEqualTo("""
                PING 127.0.0.1 (127.0.0.1) 100(128) bytes of data.
                108 bytes from 127.0.0.1: icmp_seq=1 time=1.23 ms ALTERED PAYLOAD: what came back is not what was sent
                From 127.0.0.1 icmp_seq=2 Destination Host Unreachable after 0.081 ms
                No answer from 127.0.0.1: icmp_seq=3 timed out after 1000 ms
                No answer from 127.0.0.1: icmp_seq=4 timed out after 1000 ms (this host dropped packets meanwhile: the request or its answer may be among them)
                127.0.0.1: icmp_seq=5 not sent: no route (Network is unreachable)

                --- 127.0.0.1 ping statistics ---
                4 packets transmitted, 1 received, +1 errors, 80% packet loss, time Tms, 1 altered, 1 not sent
                rtt min/avg/max/mdev = 1.234/1.234/1.234/0.000 ms
                """);
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void whatTheSystemSaidIsADetail() {
        ScriptedProvider provider = new ScriptedProvider((request, n) -> new EchoOutcome.NotSent(
                NotSentReason.NOT_PERMITTED,
                "sendmmsg to 2001:db8:0:0:0:0:0:1%2: EPERM (1): Operation not permitted; a packet filter on this host"
                        + " blocked it",
                OptionalInt.of(1)));
        assertThat(CommandRun.with(provider).ping("-c", "1", "2001:db8:0:0:0:0:0:1").out)
                .contains("\n2001:db8:0:0:0:0:0:1: icmp_seq=1 not sent: not permitted (Operation not permitted; a"
                        + " packet filter on this host blocked it)\n");
        assertThat(CommandRun.with(provider).ping("-v", "-c", "1", "2001:db8::1").out)
                .contains("\n2001:db8::1: icmp_seq=1 not sent: sendmmsg to 2001:db8::1%2: EPERM (1): Operation not"
                        + " permitted; a packet filter on this host blocked it (not_permitted)\n");
    }

    @Test
    void severalHostsArePrefixedAndStraysAreTold() {
        ScriptedProvider provider =
                new ScriptedProvider().strays(Map.of(Stray.DUPLICATE, 2L, Stray.DROPPED_LOCALLY, 40L));
        CommandRun run = CommandRun.with(provider).ping("-c", "1", "-I", "127.0.0.3", "127.0.0.1", "127.0.0.2");
        assertThat(run.timeless()).isEqualTo("""
                PING 127.0.0.1 (127.0.0.1) from 127.0.0.3 : 56(84) bytes of data.
                PING 127.0.0.2 (127.0.0.2) from 127.0.0.3 : 56(84) bytes of data.
                [127.0.0.1] 64 bytes from 127.0.0.1: icmp_seq=1 ttl=64 time=0.042 ms
                [127.0.0.2] 64 bytes from 127.0.0.2: icmp_seq=1 ttl=64 time=0.042 ms

                --- 127.0.0.1 ping statistics ---
                1 packets transmitted, 1 received, 0% packet loss, time Tms
                rtt min/avg/max/mdev = 0.042/0.042/0.042/0.000 ms

                --- 127.0.0.2 ping statistics ---
                1 packets transmitted, 1 received, 0% packet loss, time Tms
                rtt min/avg/max/mdev = 0.042/0.042/0.042/0.000 ms

                also seen, all targets together: 2 duplicates, 40 packets dropped by this host's own receive buffer
                """);
        assertThat(run.status).isZero();
    }

    @Test
    void namesAreShownWithTheirAddress() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("-4", "-c", "1", "localhost");
        assertThat(run.out).startsWith("""
                        PING localhost (127.0.0.1) 56(84) bytes of data.
                        64 bytes from localhost (127.0.0.1): icmp_seq=1 ttl=64 time=0.042 ms
                        """).contains("--- localhost ping statistics ---");
    }

    @ParameterizedTest(name = "{0} ns, {1} ns uncertain")
    @CsvSource({
        "42000, 4200, time=0.042 ms",
        "42000, 5000, time=0.042 ms (+/- 0.005 ms)",
        "4200000, 3900000, time=4.20 ms (+/- 3.90 ms)",
        "1, 150, time=0.001 ms",
        "1, 1000000, time=0.001 ms (+/- 1.00 ms)"
    })
    void aTimeThatIsLessCertainThanItLooksSaysSo(long nanos, long uncertainty, String shown) {
        ScriptedProvider provider =
                new ScriptedProvider((request, n) -> ScriptedProvider.reply(request, nanos, uncertainty));
        assertThat(CommandRun.with(provider).ping("-c", "1", "127.0.0.1").out).contains("ttl=64 " + shown + "\n");
    }

    @Test
    void ipv6HasNoPacketSizeInItsFirstLine() {
        CommandRun run = CommandRun.with(new ScriptedProvider()).ping("-c", "1", "::1");
        assertThat(run.out)
                .startsWith("PING ::1 (::1) 56 data bytes\n64 bytes from ::1: icmp_seq=1 ttl=64 time=0.042 ms\n");
    }

    @Test
    void whatWasNotSentIsLostToo() {
        ScriptedProvider provider = new ScriptedProvider((request, n) -> ScriptedProvider.noRoute());
        CommandRun run = CommandRun.with(provider).ping("-c", "1", "127.0.0.1");
        assertThat(run.timeless())
                .endsWith("0 packets transmitted, 0 received, 100% packet loss, time Tms, 1 not sent\n");
        assertThat(run.status).isEqualTo(1);
    }

    @Test
    void theLossOfARunWhoseSourceWasGoneForAWhileAddsUp() {
        ScriptedProvider provider = new ScriptedProvider(
                (request, n) -> n <= 7 ? ScriptedProvider.reply(request, 42_000) : ScriptedProvider.noRoute());
        CommandRun run = CommandRun.with(provider).ping("-c", "10", "-i", "0.002", "127.0.0.1");
        assertThat(run.timeless()).contains("""
                7 packets transmitted, 7 received, 30% packet loss, time Tms, 3 not sent
                """);
        assertThat(run.status).isEqualTo(1);
    }
}
