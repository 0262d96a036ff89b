// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Icmp;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Whose identifier is whose. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class IdentifierTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(rules = "MAT-5", cases = "C91", backends = "linux-datagram")
    void canBeTakenByNoOtherPingSocket(boolean ipv6) throws Exception {
        try (EchoRequester requester = EngineVariant.DATAGRAM.open();
                RawPeer peer = new RawPeer(ipv6)) {
            Outcomes.reply(requester.send(Loopback.request(Loopback.address(ipv6), PATIENCE)));
            int identifier = peer.nextRequest().identifier();

            for (String to : new String[] {"0.0.0.0", "127.0.0.1", "::", "::1"}) {
                for (int option : new int[] {0, Socket.SO_REUSEADDR, Socket.SO_REUSEPORT}) {
                    assertThat(bind(Loopback.address(to), identifier, option))
                            .as("errno of bind(%s, %d) with option %d", to, identifier, option)
                            .isEqualTo(Errno.EADDRINUSE);
                }
            }
            Outcomes.reply(requester.send(Loopback.request(Loopback.address(ipv6), PATIENCE)));
        }
    }

    /** {@return the errno of a second ping socket's bind, 0 if it succeeds} */
    private static int bind(InetAddress address, int identifier, int option) {
        boolean ipv6 = address.getAddress().length == 16;
        int fd = LibC.socket(
                ipv6 ? Socket.AF_INET6 : Socket.AF_INET,
                Socket.SOCK_DGRAM | Socket.SOCK_CLOEXEC,
                ipv6 ? Icmp.IPPROTO_ICMPV6 : Icmp.IPPROTO_ICMP);
        try (NativeMemory memory = NativeMemory.allocate(64)) {
            if (option != 0) {
                memory.buffer().putInt(0, 1);
                assertThat(LibC.setsockopt(fd, Socket.SOL_SOCKET, option, memory.address(), 4))
                        .isZero();
            }
            int length = SocketAddress.of(address).put(memory.buffer(), 0, identifier);
            return LibC.bind(fd, memory.address(), length) < 0 ? LibC.errno() : 0;
        } finally {
            LibC.close(fd);
        }
    }

    @Test
    @Covers(rules = "MAT-5", cases = "C92", backends = "linux-raw")
    void isRandomForRawSockets() throws Exception {
        Set<Integer> blocks = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            try (EchoRequester requester = EngineVariant.RAW.open();
                    RawPeer peer = new RawPeer(false)) {
                Outcomes.reply(requester.send(Loopback.request(Loopback.V4, PATIENCE)));
                blocks.add(peer.nextRequest().identifier() >>> 4);
            }
        }
        // 20 of 4,096 numbers: fewer than 15 different ones would be no accident (less than 1 in 10^9).
        assertThat(blocks).hasSizeGreaterThanOrEqualTo(15);
    }

    @ParameterizedTest
    @EnumSource(value = EngineVariant.class, names = "RAW")
    void sharesOneRawSocketPerFamilyAmongAllRequesters(EngineVariant variant) throws Exception {
        assertThat(rawSockets()).isEqualTo("0 and 0");
        try (EchoRequester first = variant.open()) {
            assertThat(rawSockets()).isEqualTo("1 and 1");
            EchoRequester second = variant.open();
            EchoRequester third = variant.open();
            assertThat(rawSockets()).isEqualTo("1 and 1");
            for (EchoRequester each : new EchoRequester[] {first, second, third}) {
                Outcomes.reply(each.send(Loopback.request(Loopback.V4, PATIENCE)));
                Outcomes.reply(each.send(Loopback.request(Loopback.V6, PATIENCE)));
                assertThat(each.statistics().sent()).isEqualTo(2);
                assertThat(each.statistics().replies()).isEqualTo(2);
            }
            Outcomes ours = new Outcomes(100);
            Outcomes theirs = new Outcomes(100);
            try (Loopback.Silence silence = Loopback.silence()) {
                for (int i = 0; i < 100; i++) {
                    first.sendAsync(Loopback.request(Loopback.numbered(i), Duration.ofMillis(400)), ours.listener(i));
                    second.sendAsync(Loopback.request(Loopback.numbered(i), Duration.ofHours(1)), theirs.listener(i));
                }
                Await.until("they are in flight", () -> second.statistics().inFlight() == 100);
                second.close();
                theirs.await().forEach(outcome -> Outcomes.assertNotSent(outcome, NotSentReason.CLOSED));
                ours.await().forEach(outcome -> assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class));
            }
            assertThat(rawSockets()).isEqualTo("1 and 1");
            second.close();
            third.close();
            third.close();
            assertThat(rawSockets()).isEqualTo("1 and 1");
            Outcomes.reply(first.send(Loopback.request(Loopback.V4, PATIENCE)));
        }
        assertThat(rawSockets()).isEqualTo("0 and 0");
    }

    private static String rawSockets() {
        return RawPeer.rawSockets(false) + " and " + RawPeer.rawSockets(true);
    }
}
