// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.mirror;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the package page of {@code dev.netecho.spi} promises to an author who follows it: see {@link MirrorEngine}. */
@Timeout(30)
class MirrorBackendTest {
    private static final int LIVE = 1;

    private static EchoRequester.Builder builder() {
        return EchoRequester.newBuilder().provider(new MirrorProvider());
    }

    private static EchoRequester open() throws EchoUnavailableException {
        return builder().open();
    }

    private static EchoRequest.Builder to(int host) {
        try {
            return EchoRequest.newBuilder(InetAddress.getByAddress(new byte[] {(byte) 192, 0, 2, (byte) host}));
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void everyRequestGetsItsOwnAnswer() throws Exception {
        try (EchoRequester requester = open()) {
            List<CompletableFuture<EchoOutcome>> asked = new ArrayList<>();
            for (int i = 0; i < 1_000; i++) { // more than may be in flight
                asked.add(requester.sendAsync(
                        to(LIVE).payload(EchoPayload.ofSize(8 + i % 100)).build()));
            }
            for (int i = 0; i < asked.size(); i++) {
                assertThat(asked.get(i).get())
                        .isInstanceOfSatisfying(
                                EchoOutcome.Reply.class,
                                reply -> assertThat(reply.payloadIntact()).isTrue());
            }
            assertThat(requester.statistics().replies()).isEqualTo(1_000);
        }
    }

    @Test
    void aSilentHostTimesOut() throws Exception {
        try (EchoRequester requester = open()) {
            EchoRequest request =
                    to(MirrorNetwork.SILENT).timeout(Duration.ofMillis(20)).build();
            assertThat(requester.send(request)).isEqualTo(new EchoOutcome.TimedOut(Duration.ofMillis(20), false));
        }
    }

    @Test
    void straysAreCounted() throws Exception {
        try (EchoRequester requester = open()) {
            assertThat(requester.send(to(MirrorNetwork.TWICE).build())).isInstanceOf(EchoOutcome.Reply.class);
            assertThat(requester.send(to(MirrorNetwork.ALTERS).build()))
                    .isInstanceOfSatisfying(
                            EchoOutcome.Reply.class,
                            reply -> assertThat(reply.payloadIntact()).isFalse());
            // The engine's thread has read the second answer before it sent the second request.
            assertThat(requester.statistics().duplicates()).hasValue(1);
            assertThat(requester.statistics().altered()).hasValue(1);
        }
    }

    @Test
    void cancelledRequestsLeaveTheQueue() throws Exception {
        try (EchoRequester requester = builder().maxOutstanding(10).maxRate(1).open()) {
            for (int i = 0; i < 5_000; i++) { // more than core lets an engine hold
                CompletableFuture<EchoOutcome> asked =
                        requester.sendAsync(to(MirrorNetwork.SILENT).build());
                while (asked.isDone()) { // no place, until the engine has let go of some
                    assertThat(asked.join())
                            .isInstanceOfSatisfying(
                                    EchoOutcome.NotSent.class,
                                    refused -> assertThat(refused.reason()).isEqualTo(NotSentReason.OVERLOADED));
                    Thread.onSpinWait();
                    asked = requester.sendAsync(to(MirrorNetwork.SILENT).build());
                }
                assertThat(asked.cancel(true)).isTrue();
            }
        }
    }

    @Test
    void theRateIsKept() throws Exception {
        try (EchoRequester requester = builder().maxRate(200).open()) {
            long begun = System.nanoTime();
            List<CompletableFuture<EchoOutcome>> asked = new ArrayList<>();
            for (int i = 0; i < 11; i++) {
                asked.add(requester.sendAsync(to(LIVE).build()));
            }
            for (CompletableFuture<EchoOutcome> each : asked) {
                assertThat(each.get()).isInstanceOf(EchoOutcome.Reply.class);
            }
            // Ten intervals of 5 ms, of which the tolerance of 1 ms is caught up once.
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(49));
            assertThat(requester.statistics().paceTime()).isPositive();
        }
    }

    @Test
    void closingEndsAllAlthoughAListenerHoldsTheThread() throws Exception {
        CountDownLatch held = new CountDownLatch(1);
        CountDownLatch letGo = new CountDownLatch(1);
        CompletableFuture<EchoOutcome> silent;
        Thread closing;
        try (EchoRequester requester = open()) {
            silent = requester.sendAsync(
                    to(MirrorNetwork.SILENT).timeout(Duration.ofHours(1)).build());
            requester.sendAsync(to(LIVE).build(), (request, outcome) -> {
                held.countDown();
                try {
                    letGo.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            held.await();
            closing = new Thread(requester::close);
            closing.start();
            assertThat(silent.get(5, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            EchoOutcome.NotSent.class,
                            ended -> assertThat(ended.reason()).isEqualTo(NotSentReason.CLOSED));
            letGo.countDown();
        }
        closing.join();
    }
}
