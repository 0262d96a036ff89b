// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * ICMP errors cut every reading of the socket short, just when answers that came in time are to be told from time-outs.
 */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class ErrorBurstTest {
    private static final int COUNT = 1_500;
    private static final Duration TIMEOUT = Duration.ofSeconds(2);

    @ParameterizedTest
    @EnumSource(names = "DATAGRAM")
    @Covers(rules = {"TIM-4", "ERR-3"})
    void hidesNoAnswerThatCameInTime(EngineVariant variant) throws Exception {
        try (EchoRequester requester = variant.open();
                Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            Outcomes outcomes = new Outcomes(COUNT);
            for (int i = 0; i < COUNT; i++) {
                requester.sendAsync(Loopback.request(Loopback.numbered(i), TIMEOUT), outcomes.listener(i));
            }
            List<WirePacket> requests = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                requests.add(peer.nextRequest());
            }
            long deadline = System.nanoTime() + TIMEOUT.toNanos();
            CountDownLatch stalled = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofMillis(1)), (request, outcome) -> {
                stalled.countDown();
                awaitUninterrupted(goOn);
            });
            if (!stalled.await(10, TimeUnit.SECONDS)) {
                throw new AssertionError("the engine's thread was not held up");
            }
            for (WirePacket request : requests) {
                peer.answer(request, request.reply());
            }
            try (Errors errors = new Errors(requests.get(0))) {
                while (System.nanoTime() - deadline < 0) {
                    LockSupport.parkNanos(1_000_000);
                }
                goOn.countDown();
                outcomes.await().forEach(Outcomes::reply);
            } finally {
                goOn.countDown();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "ERR-4", cases = "C56")
    void anErrorBeforeItsReplyCountsHoweverManyThereAre(EngineVariant variant) throws Exception {
        int count = 200;
        try (EchoRequester requester = variant.open();
                Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            Outcomes outcomes = new Outcomes(count);
            for (int i = 0; i < count; i++) {
                requester.sendAsync(Loopback.request(Loopback.numbered(i), TIMEOUT), outcomes.listener(i));
            }
            List<WirePacket> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                requests.add(peer.nextRequest());
            }
            CountDownLatch stalled = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofMillis(1)), (request, outcome) -> {
                stalled.countDown();
                awaitUninterrupted(goOn);
            });
            try {
                assertThat(stalled.await(10, TimeUnit.SECONDS)).isTrue();
                for (WirePacket request : requests) {
                    byte[] error = IcmpPackets.error(3, 1, 0, request.quote());
                    peer.send(Loopback.address("127.0.0.99"), request.source(), error);
                    peer.answer(request, request.reply());
                }
            } finally {
                goOn.countDown();
            }
            assertThat(outcomes.await()).hasOnlyElementsOfType(EchoOutcome.IcmpError.class);
        }
    }

    private static void awaitUninterrupted(CountDownLatch latch) {
        try {
            latch.await(20, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** Errors about packets of this socket that were never sent, one after the other. */
    private static final class Errors implements AutoCloseable {
        private static final int NEVER_SENT = 0xfffe;

        private final AtomicBoolean stopped = new AtomicBoolean();
        private final Thread thread;

        Errors(WirePacket request) {
            byte[] quote = request.quote(request.identifier(), NEVER_SENT, request.destination(), 0);
            byte[] error = IcmpPackets.error(3, 1, 0, quote);
            thread = new Thread(
                    () -> {
                        try (RawPeer router = new RawPeer(false)) {
                            while (!stopped.get()) {
                                router.send(Loopback.address("127.0.0.99"), request.source(), error);
                            }
                        }
                    },
                    "errors");
            thread.start();
        }

        @Override
        public void close() throws InterruptedException {
            stopped.set(true);
            thread.join(10_000);
        }
    }
}
