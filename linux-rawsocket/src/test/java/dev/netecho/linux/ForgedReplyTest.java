// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.EchoUnavailableException;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Packets that look like the answer and are not: the kernel is silent, and the test answers instead. */
@EngineTest
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class ForgedReplyTest {
    private static final Duration NEVER = Duration.ofHours(1);
    private static final InetAddress STRANGER = Loopback.address("127.0.0.66");

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

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(
            rules = {"MAT-1", "MAT-4"},
            cases = {"C72", "C77", "C78", "C79", "C80"})
    void believesNoForgeryAndThenTheTruth(boolean ipv6) {
        try (RawPeer peer = new RawPeer(ipv6)) {
            CompletableFuture<EchoOutcome> future = send(ipv6, EchoPayload.DEFAULT);
            WirePacket request = peer.nextRequest();
            int identifier = request.identifier();
            int sequence = request.sequence();
            byte[] payload = request.payload();

            peer.answer(request, request.reply(identifier ^ 0x4000, sequence, payload));
            peer.answer(request, request.reply(identifier, sequence + 1 & 0xffff, payload));
            peer.answer(request, request.reply(identifier, sequence ^ 0x8000, payload));
            peer.send(ipv6 ? Loopback.SECOND_V6 : STRANGER, request.source(), request.reply());
            for (int at : new int[] {0, 3, 7}) { // a byte of the token
                byte[] altered = payload.clone();
                altered[at] ^= 0x10;
                peer.answer(request, request.reply(identifier, sequence, altered));
            }
            peer.answer(request, request.reply(identifier, sequence, Arrays.copyOf(payload, 7)));
            peer.answer(request, request.reply(identifier, sequence, new byte[0]));
            byte[] coded = request.reply();
            coded[1] = 1;
            peer.answer(request, IcmpPackets.withChecksum(coded));
            byte[] otherType = request.reply();
            otherType[0] = (byte) (ipv6 ? 200 : 14);
            peer.answer(request, IcmpPackets.withChecksum(otherType));
            peer.answer(request, IcmpPackets.withChecksum(Arrays.copyOf(request.reply(), 4)));
            assertThat(future).isNotDone();

            // Packets are read in their order: when the true one has counted, the others have not.
            peer.answer(request, request.reply());
            EchoOutcome.Reply reply = Outcomes.reply(future.join());
            assertThat(reply.payloadIntact()).isTrue();
            assertThat(reply.responder()).isEqualTo(Loopback.address(ipv6));
            EchoStatistics statistics = requester.statistics();
            assertThat(statistics.wrongSource()).hasValue(1);
            assertThat(statistics.altered()).hasValue(5);
            assertThat(statistics.unmatched().orElse(-1)).isGreaterThanOrEqualTo(3);
            assertThat(statistics.replies()).isEqualTo(1);
            assertThat(statistics.duplicates()).hasValue(0);
        }
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(rules = "MAT-2", cases = "C73")
    void saysThatAPayloadIsNotIntact(boolean ipv6) {
        try (RawPeer peer = new RawPeer(ipv6)) {
            CompletableFuture<EchoOutcome> future = send(ipv6, EchoPayload.DEFAULT);
            WirePacket request = peer.nextRequest();
            byte[] altered = request.payload();
            altered[55] ^= 1;
            peer.answer(request, request.reply(request.identifier(), request.sequence(), altered));

            EchoOutcome.Reply reply = Outcomes.reply(future.join());
            assertThat(reply.payloadIntact()).isFalse();
            assertThat(reply.payload().toByteArray()).isEqualTo(altered);
            assertThat(requester.statistics().altered()).hasValue(1);
        }
    }

    @ParameterizedTest(name = "of {0} bytes")
    @ValueSource(ints = {8, 20, 55, 57, 150, 500, 3000, 60_000})
    @Covers(
            rules = "MAT-2",
            cases = {"C74", "C75"})
    void reportsAReplyOfAnotherLength(int length) {
        try (RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> future = send(false, EchoPayload.DEFAULT);
            WirePacket request = peer.nextRequest();
            byte[] other = Arrays.copyOf(request.payload(), length);
            peer.answer(request, request.reply(request.identifier(), request.sequence(), other));
            EchoOutcome.Reply reply = Outcomes.reply(future.join());
            assertThat(reply.payloadIntact()).isFalse();
            byte[] received = reply.payload().toByteArray();
            assertThat(received).isEqualTo(Arrays.copyOf(other, received.length));
        }
    }

    @Test
    @Covers(
            rules = {"MAT-1", "MAT-2"},
            cases = {"C73", "C74", "C75"})
    void needsEveryByteOfAPayloadWithoutToken() {
        try (RawPeer peer = new RawPeer(false)) {
            byte[] bytes = {1, 2, 3, 4, 5, 6, 7, 8, 9, (byte) 0xff};
            CompletableFuture<EchoOutcome> future = send(false, EchoPayload.of(bytes));
            WirePacket request = peer.nextRequest();
            assertThat(request.payload()).isEqualTo(bytes);
            for (int i = 0; i < bytes.length; i++) {
                byte[] altered = bytes.clone();
                altered[i] ^= (byte) 0x80;
                peer.answer(request, request.reply(request.identifier(), request.sequence(), altered));
            }
            peer.answer(request, request.reply(request.identifier(), request.sequence(), Arrays.copyOf(bytes, 9)));
            peer.answer(request, request.reply(request.identifier(), request.sequence(), Arrays.copyOf(bytes, 11)));
            peer.answer(request, request.reply());
            assertThat(Outcomes.reply(future.join()).payloadIntact()).isTrue();
            assertThat(requester.statistics().altered()).hasValue(12);
        }
    }

    @Test
    @Covers(rules = "MAT-4", cases = "C76")
    void dropsABadChecksum() {
        try (RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> future = send(false, EchoPayload.DEFAULT);
            WirePacket request = peer.nextRequest();
            for (int i = 0; i < 16; i++) {
                byte[] bad = request.reply();
                bad[2 + i / 8] ^= (byte) (1 << i % 8);
                peer.answer(request, bad);
            }
            byte[] changedOnTheWay = request.reply();
            changedOnTheWay[40] ^= 4;
            peer.answer(request, changedOnTheWay);
            peer.answer(request, request.reply());
            assertThat(Outcomes.reply(future.join()).payloadIntact()).isTrue();
            assertThat(requester.statistics().altered()).hasValue(0);
            // The kernel drops them itself before they reach a datagram socket.
            if (variant == EngineVariant.RAW) {
                assertThat(requester.statistics().unmatched()).hasValue(17);
            }
        }
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {101, 102, 103, 104})
    @Covers(rules = "MAT-4", cases = "C81")
    void survivesGarbage(long seed) {
        Random random = new Random(seed);
        boolean ipv6 = random.nextBoolean();
        try (RawPeer peer = new RawPeer(ipv6)) {
            CompletableFuture<EchoOutcome> future = send(ipv6, EchoPayload.DEFAULT);
            WirePacket request = peer.nextRequest();
            for (int i = 0; i < 2000; i++) {
                byte[] packet =
                        random.nextBoolean() ? request.reply() : IcmpPackets.error(ipv6 ? 1 : 3, 1, 0, request.quote());
                // The type stays, so that the kernel lets it through; every other byte may change.
                for (int k = random.nextInt(8); k >= 0; k--) {
                    packet[1 + random.nextInt(packet.length - 1)] = (byte) random.nextInt(256);
                }
                // The sequence number, of the reply or in the quote, must not be ours: it would be a true answer.
                packet[packet.length - 58] = (byte) (request.sequence() >>> 8 ^ 0xa5);
                packet = Arrays.copyOf(packet, 4 + random.nextInt(packet.length - 3));
                peer.answer(request, IcmpPackets.withChecksum(packet));
            }
            assertThat(future).as("seed %d", seed).isNotDone();
            peer.answer(request, request.reply());
            Outcomes.reply(future.join());
            assertThat(requester.statistics().replies()).isEqualTo(1);
            assertThat(requester.statistics().icmpErrors()).isZero();
        }
    }

    @Test
    @Covers(rules = "MAT-3", cases = "C68")
    void creditsNoLateReplyToTheNextRequestInTheSameSlot() throws InterruptedException {
        try (RawPeer peer = new RawPeer(false)) {
            EchoRequest request = Loopback.request(Loopback.V4, Duration.ofMillis(5));
            assertThat(requester.send(request)).isInstanceOf(EchoOutcome.TimedOut.class);
            WirePacket first = peer.nextRequest();
            for (int i = 0; i < 50; i++) {
                CompletableFuture<EchoOutcome> future = send(false, EchoPayload.DEFAULT);
                WirePacket next = peer.nextRequest();
                // The old payload under the new numbers, and the old packet.
                peer.answer(next, next.reply(next.identifier(), next.sequence(), first.payload()));
                peer.answer(first, first.reply());
                assertThat(Arrays.equals(first.payload(), next.payload())).isFalse();
                peer.answer(next, next.reply());
                Outcomes.reply(future.join());
                first = next;
            }
        }
        assertThat(requester.statistics().replies()).isEqualTo(50);
    }

    private CompletableFuture<EchoOutcome> send(boolean ipv6, EchoPayload payload) {
        return requester.sendAsync(EchoRequest.newBuilder(Loopback.address(ipv6))
                .payload(payload)
                .timeout(NEVER)
                .build());
    }
}
