// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IcmpErrorKind;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMP errors, which the test makes: those that are about our request, and those that only look so. */
@EngineTest
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class ForgedErrorTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final InetAddress ROUTER = Loopback.address("127.0.0.99");
    private static final InetAddress ELSEWHERE = Loopback.address("127.0.0.66");
    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    @Parameter
    EngineVariant variant;

    private EchoRequester requester;
    private Loopback.Silence silence;

    @BeforeEach
    void open() throws EchoUnavailableException {
        requester = variant.open();
        silence = Loopback.silence();
        Loopback.addIpv6();
    }

    @AfterEach
    void close() {
        silence.close();
        requester.close();
    }

    @ParameterizedTest(name = "{0} bytes of the ICMP message, of IPv4")
    @ValueSource(ints = {8, 12, 16, 40, 64})
    @Covers(
            rules = "ERR-1",
            cases = {"C82", "C83"})
    void reportsAnErrorHoweverLittleItQuotes(int quoted) {
        try (RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.V4);
            WirePacket request = peer.nextRequest();
            fromRouter(peer, request, IcmpPackets.error(3, 1, 0, Arrays.copyOf(request.quote(), IPV4_HEADER + quoted)));

            EchoOutcome.IcmpError error = error(future);
            assertThat(error.responder()).isEqualTo(ROUTER);
            assertThat(error.kind()).isEqualTo(IcmpErrorKind.HOST_UNREACHABLE);
            assertThat(error.type()).hasValue(3);
            assertThat(error.code()).hasValue(1);
            assertThat(error.nextHopMtu()).isEmpty();
            assertThat(error.roundTripTime()).isBetween(Duration.ZERO, Duration.ofSeconds(10));
            assertThat(requester.statistics().icmpErrors()).isEqualTo(1);
            assertThat(requester.statistics().inFlight()).isZero();
        }
    }

    @ParameterizedTest(name = "{0} bytes of the ICMP message, of IPv6")
    @ValueSource(ints = {8, 16, 64})
    @Covers(
            rules = "ERR-1",
            cases = {"C82", "C83"})
    void reportsAnErrorOfIpv6(int quoted) {
        try (RawPeer peer = new RawPeer(true)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.V6);
            WirePacket request = peer.nextRequest();
            fromRouter(peer, request, IcmpPackets.error(1, 3, 0, Arrays.copyOf(request.quote(), IPV6_HEADER + quoted)));

            EchoOutcome.IcmpError error = error(future);
            assertThat(error.responder()).isEqualTo(Loopback.SECOND_V6);
            assertThat(error.kind()).isEqualTo(IcmpErrorKind.ADDRESS_UNREACHABLE);
            assertThat(error.type()).hasValue(1);
            assertThat(error.code()).hasValue(3);
        }
    }

    /** RFC 4443, 2.4 (a): an error of unknown type must be passed to the upper layer. */
    @ParameterizedTest(name = "type {0}")
    @ValueSource(ints = {0, 5, 42, 100, 127})
    @Covers(rules = "ERR-1")
    void anErrorOfUnknownTypeOfIpv6EndsItsRequest(int type) {
        try (RawPeer peer = new RawPeer(true)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.V6);
            WirePacket request = peer.nextRequest();
            fromRouter(peer, request, IcmpPackets.error(type, 7, 1_400, request.quote()));

            EchoOutcome.IcmpError error = error(future);
            assertThat(error.responder()).isEqualTo(Loopback.SECOND_V6);
            assertThat(error.kind()).isEqualTo(IcmpErrorKind.OTHER);
            assertThat(error.type()).hasValue(type);
            assertThat(error.code()).hasValue(7);
            assertThat(error.nextHopMtu()).isEmpty();
        }
    }

    @Test
    @Covers(rules = "ERR-1", cases = "C84")
    void findsTheRequestAfterIpOptionsInTheQuote() {
        try (RawPeer peer = new RawPeer(false)) {
            for (int options : new int[] {4, 20, 40}) {
                CompletableFuture<EchoOutcome> future = send(Loopback.V4);
                WirePacket request = peer.nextRequest();
                byte[] quote = request.quote(request.identifier(), request.sequence(), request.destination(), options);
                fromRouter(peer, request, IcmpPackets.error(11, 0, 0, quote));
                assertThat(error(future).kind())
                        .as("%d bytes of options", options)
                        .isEqualTo(IcmpErrorKind.HOP_LIMIT_EXCEEDED);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @CsvSource({"1400, 1400", "1, 1", "0, 0", "2147483647, 2147483647", "2147483648, 0", "4294967295, 0"})
    @Covers(rules = "ERR-1", cases = "C50")
    void namesTheMtuOfTheNextHop(long field, int named) {
        try (RawPeer peer = new RawPeer(true)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.V6);
            WirePacket request = peer.nextRequest();
            fromRouter(peer, request, IcmpPackets.error(2, 0, (int) field, request.quote()));
            assertThat(error(future).kind()).isEqualTo(IcmpErrorKind.PACKET_TOO_BIG);
            assertThat(error(future).nextHopMtu()).isEqualTo(named == 0 ? OptionalInt.empty() : OptionalInt.of(named));
        }
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(
            rules = "ERR-1",
            cases = {"C85", "C86", "C87"})
    void isNotEndedByAnErrorAboutSomethingElse(boolean ipv6) {
        int type = ipv6 ? 1 : 3;
        try (RawPeer peer = new RawPeer(ipv6)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.address(ipv6));
            WirePacket request = peer.nextRequest();
            int identifier = request.identifier();
            int sequence = request.sequence();
            InetAddress to = request.destination();
            InetAddress other = ipv6 ? Loopback.SECOND_V6 : ELSEWHERE;
            fromRouter(peer, request, IcmpPackets.error(type, 1, 0, request.quote(identifier, sequence, other, 0)));
            fromRouter(peer, request, IcmpPackets.error(type, 1, 0, request.quote(identifier, sequence ^ 1, to, 0)));
            fromRouter(
                    peer, request, IcmpPackets.error(type, 1, 0, request.quote(identifier ^ 0x4000, sequence, to, 0)));
            // Another token: an older request of the same numbers.
            byte[] older = request.quote();
            older[older.length - 56 + 2] ^= 1;
            fromRouter(peer, request, IcmpPackets.error(type, 1, 0, older));
            // A quoted echo reply is not one of our requests.
            byte[] quotedReply = request.quote();
            quotedReply[quotedReply.length - 64] = (byte) (ipv6 ? 129 : 0);
            fromRouter(peer, request, IcmpPackets.error(type, 1, 0, quotedReply));
            peer.answer(request, request.reply());

            Outcomes.reply(future.join());
            assertThat(requester.statistics().icmpErrors()).isZero();
            assertThat(requester.statistics().unmatched().orElse(-1)).isGreaterThanOrEqualTo(2);
        }
    }

    @Test
    @Covers(
            rules = "ERR-2",
            cases = {"C49", "C88"})
    void waitsOnAfterARedirectAndASourceQuench() {
        try (RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.V4);
            WirePacket request = peer.nextRequest();
            fromRouter(peer, request, IcmpPackets.error(5, 1, 0x7f000063, request.quote()));
            fromRouter(peer, request, IcmpPackets.error(4, 0, 0, request.quote()));
            CompletableFuture<EchoOutcome> second = send(Loopback.V4);
            WirePacket next = peer.nextRequest();
            peer.answer(request, request.reply());
            peer.answer(next, next.reply());
            Outcomes.reply(future.join());
            Outcomes.reply(second.join());
            assertThat(requester.statistics().icmpErrors()).isZero();
        }
    }

    @Test
    @Covers(rules = "ERR-4", cases = "C57")
    void countsAnErrorAfterTheReplyAndChangesNothing() {
        try (RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.V4);
            WirePacket request = peer.nextRequest();
            peer.answer(request, request.reply());
            Outcomes.reply(future.join());
            fromRouter(peer, request, IcmpPackets.error(3, 1, 0, request.quote()));
            Await.until(
                    "it is counted", () -> requester.statistics().unmatched().orElse(-1) == 1);
            assertThat(requester.statistics().icmpErrors()).isZero();
            CompletableFuture<EchoOutcome> second = send(Loopback.V4);
            WirePacket next = peer.nextRequest();
            peer.answer(next, next.reply());
            Outcomes.reply(second.join());
        }
    }

    @Test
    @Covers(rules = "ERR-4", cases = "C56")
    void countsTheReplyAfterAnErrorAsLate() {
        try (RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> future = send(Loopback.V4);
            WirePacket request = peer.nextRequest();
            fromRouter(peer, request, IcmpPackets.error(3, 10, 0, request.quote()));
            peer.answer(request, request.reply());
            assertThat(error(future).kind()).isEqualTo(IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED);
            Await.until("it is counted", () -> requester.statistics().late().orElse(-1) == 1);
            assertThat(requester.statistics().replies()).isZero();
        }
    }

    /** While user code holds the loop, replies and errors wait in two queues of a datagram socket. */
    @ParameterizedTest(name = "IPv6 {0}, the reply first {1}")
    @CsvSource({"false, true", "false, false", "true, true", "true, false"})
    @Covers(
            rules = {"ERR-4", "OUT-5"},
            cases = {"C56", "C57"})
    void countsWhatCameFirstThoughTheLoopIsHeld(boolean ipv6, boolean replyFirst) throws InterruptedException {
        InetAddress host = ipv6 ? Loopback.V6 : Loopback.V4;
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch released = new CountDownLatch(1);
        try (RawPeer peer = new RawPeer(ipv6)) {
            requester.sendAsync(Loopback.request(host, NEVER), (request, outcome) -> {
                held.countDown();
                awaitUninterruptibly(released);
            });
            WirePacket first = peer.nextRequest();
            CompletableFuture<EchoOutcome> future = send(host);
            WirePacket second = peer.nextRequest();
            peer.answer(first, first.reply());
            assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
            if (replyFirst) {
                peer.answer(second, second.reply());
            }
            fromRouter(peer, second, IcmpPackets.error(ipv6 ? 1 : 3, ipv6 ? 3 : 1, 0, second.quote()));
            if (!replyFirst) {
                peer.answer(second, second.reply());
            }
            released.countDown();
            assertThat(future.join().isReply()).as("%s", future.join()).isEqualTo(replyFirst);
        } finally {
            released.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Every error makes the socket's next call fail with its number, whoever that call was for. */
    @Test
    @Covers(rules = "ERR-3", cases = "C53")
    void answersOneHostTrulyWhileErrorsOfAnotherPourIn() throws InterruptedException {
        int each = 60;
        try (RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> accused = send(ELSEWHERE);
            WirePacket request = peer.nextRequest();
            accused.cancel(false);
            silence.close();
            List<byte[]> errors = new ArrayList<>();
            for (int code : new int[] {0, 1, 2, 3, 5, 9, 10, 13}) {
                errors.add(IcmpPackets.error(3, code, 0, request.quote()));
            }
            errors.add(IcmpPackets.error(11, 0, 0, request.quote()));
            errors.add(IcmpPackets.error(5, 1, 0x7f000063, request.quote()));
            Outcomes outcomes = new Outcomes(each * 10);
            for (int i = 0; i < each; i++) {
                for (int k = 0; k < 10; k++) {
                    fromRouter(peer, request, errors.get(k));
                    requester.sendAsync(
                            Loopback.request(Loopback.numbered(i), Duration.ofSeconds(30)),
                            outcomes.listener(10 * i + k));
                }
            }
            outcomes.await().forEach(Outcomes::reply);
        }
        assertThat(requester.statistics().replies()).isEqualTo(10L * each);
        assertThat(requester.statistics().icmpErrors()).isZero();
    }

    private void fromRouter(RawPeer peer, WirePacket request, byte[] error) {
        peer.send(peer.ipv6 ? Loopback.SECOND_V6 : ROUTER, request.source(), error);
    }

    private CompletableFuture<EchoOutcome> send(InetAddress destination) {
        return requester.sendAsync(Loopback.request(destination, NEVER));
    }

    private static EchoOutcome.IcmpError error(CompletableFuture<EchoOutcome> future) {
        EchoOutcome outcome = future.join();
        assertThat(outcome).isInstanceOf(EchoOutcome.IcmpError.class);
        return (EchoOutcome.IcmpError) outcome;
    }
}
