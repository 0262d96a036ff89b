// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Our own receive buffer: never the reason of a loss that we could avoid, and named where we could not. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class ReceiveBufferTest {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    @Parameter
    EngineVariant variant;

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {2048, 8192, 212_992})
    void losesNothingHoweverSmallItIs(int bytes) throws Exception {
        try (EchoRequester requester =
                variant.builder().option(LinuxOptions.RECEIVE_BUFFER, bytes).open()) {
            Outcomes outcomes = new Outcomes(4000);
            for (int i = 0; i < 4000; i++) {
                requester.sendAsync(Loopback.request(Loopback.numbered(i), PATIENCE), outcomes.listener(i));
            }
            long replies =
                    outcomes.await().stream().filter(EchoOutcome::isReply).count();
            assertThat(replies).isEqualTo(4000);
            assertThat(requester.statistics().droppedLocally()).hasValue(0);
        }
    }

    /**
     * A limit, see docs/limits.md: a raw IPv6 socket has one counter for a full buffer and for damaged packets, whoever
     * sent them.
     */
    @Test
    @Covers(rules = "LOAD-4", cases = "C105")
    void suspectsItselfForDamagedPacketsOnRawIpv6() throws Exception {
        boolean raw = variant == EngineVariant.RAW;
        try (EchoRequester requester = variant.open();
                Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(true)) {
            CompletableFuture<EchoOutcome> future =
                    requester.sendAsync(Loopback.request(Loopback.V6, Duration.ofMillis(300)));
            WirePacket request = peer.nextRequest();
            byte[] another = request.reply(request.identifier() ^ 0x4000, 1, new byte[56]);
            for (int i = 0; i < 10; i++) {
                peer.answerDamaged(request, another);
            }
            assertThat(future.get(20, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            EchoOutcome.TimedOut.class,
                            timedOut ->
                                    assertThat(timedOut.localDropsSuspected()).isEqualTo(raw));
            assertThat(requester.statistics().droppedLocally()).hasValue(raw ? 10 : 0);
        }
    }

    @Test
    @Covers(rules = "LOAD-4", cases = "C105")
    void suspectsItselfWhenItsBufferOverflowed() throws Exception {
        try (EchoRequester requester = variant.builder()
                        .option(LinuxOptions.RECEIVE_BUFFER, 4096)
                        .open();
                Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            Outcomes outcomes = new Outcomes(2);
            requester.sendAsync(Loopback.request(Loopback.numbered(1), Duration.ofMillis(300)), outcomes.listener(0));
            WirePacket request = peer.nextRequest();
            CountDownLatch stalled = new CountDownLatch(1);
            CountDownLatch flooded = new CountDownLatch(1);
            requester.sendAsync(Loopback.request(Loopback.numbered(2), Duration.ofMillis(1)), (same, outcome) -> {
                stalled.countDown();
                try {
                    assertThat(flooded.await(20, TimeUnit.SECONDS)).isTrue();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                outcomes.record(1, outcome);
            });
            assertThat(stalled.await(20, TimeUnit.SECONDS)).isTrue();
            byte[] noise = request.reply(request.identifier(), request.sequence() ^ 0x4000, new byte[56]);
            for (int i = 0; i < 500; i++) {
                peer.answer(request, noise);
            }
            // The true answer comes when the buffer is full, and is lost: the silence is our own.
            peer.answer(request, request.reply());
            flooded.countDown();

            List<EchoOutcome> all = outcomes.await();
            assertThat(all.get(0))
                    .isInstanceOfSatisfying(
                            EchoOutcome.TimedOut.class,
                            timedOut ->
                                    assertThat(timedOut.localDropsSuspected()).isTrue());
            assertThat(requester.statistics().droppedLocally().orElse(-1)).isGreaterThan(300);

            // What is sent afterwards is not suspected for it.
            assertThat(requester.send(Loopback.request(Loopback.V4, Duration.ofMillis(5))))
                    .isInstanceOfSatisfying(
                            EchoOutcome.TimedOut.class,
                            timedOut ->
                                    assertThat(timedOut.localDropsSuspected()).isFalse());
        }
    }
}
