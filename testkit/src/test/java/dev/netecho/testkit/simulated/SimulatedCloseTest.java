// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.testkit.backend.LoneEcho;
import dev.netecho.testkit.backend.StrayCounts;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What ends where a listener blocks, or memory or stack is short. */
@Timeout(30)
class SimulatedCloseTest {
    private static final int MANY = 1_000;

    private final SimulatedNetwork network = new SimulatedNetwork(new SimulatedHosts());
    private final EchoRequest silent = EchoRequest.newBuilder(InetAddress.getLoopbackAddress())
            .timeout(Duration.ofHours(1))
            .build();

    @Test
    void closeIsBoundedWhereAListenerBlocks() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        EchoRequester requester = network.newRequesterBuilder().open();
        requester.sendAsync(silent, (request, outcome) -> {
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        CompletableFuture<EchoOutcome> other = requester.sendAsync(silent);
        network.clock().advance(Duration.ZERO);
        try {
            long begun = System.nanoTime();
            requester.close();
            assertThat(Duration.ofNanos(System.nanoTime() - begun))
                    .isBetween(Duration.ofMillis(4_900), Duration.ofSeconds(10));
            assertThat(other.getNow(null))
                    .isInstanceOfSatisfying(
                            EchoOutcome.NotSent.class,
                            ended -> assertThat(ended.reason()).isEqualTo(NotSentReason.CLOSED));
        } finally {
            release.countDown();
        }
    }

    /** At each distance from the end of the stack; a close that finds none says so, and may be called again. */
    @Test
    void closeLosesNoOutcomeWhereTheStackEnds() throws EchoUnavailableException, InterruptedException {
        for (int frames = 5; frames <= 125; frames += 10) {
            EchoRequester requester =
                    network.newRequesterBuilder().maxOutstanding(MANY).open();
            AtomicInteger outcomes = new AtomicInteger();
            for (int i = 0; i < MANY; i++) {
                requester.sendAsync(silent, (request, outcome) -> outcomes.incrementAndGet());
            }
            network.clock().advance(Duration.ZERO);
            int below = frames;
            Thread deep = new Thread(null, () -> descend(requester, below), "deep", 256 << 10);
            deep.start();
            deep.join();
            requester.close();
            assertThat(outcomes)
                    .as("closed up to %s frames before the end", frames)
                    .hasValue(MANY);
            assertThat(requester.statistics().inFlight()).isZero();
        }
    }

    /** {@return how many frames are below this one} It closes in each of the last on the way back. */
    @SuppressWarnings("InfiniteRecursion") // that is the point
    private static int descend(EchoRequester requester, int frames) {
        int below = 0;
        try {
            below = 1 + descend(requester, frames);
        } catch (StackOverflowError e) {
            // As deep as it goes: back from here.
        }
        if (below < frames) {
            try {
                requester.close();
            } catch (StackOverflowError e) {
                // There was none for it.
            }
        }
        return below;
    }

    @Test
    void anOutcomeWithoutMemoryIsDeliveredLater() throws EchoUnavailableException {
        EchoEngine engine = network.open(new EchoConfig("memory-test", Map.of(), new StrayCounts()), network.behind());
        AtomicInteger failures = new AtomicInteger();
        List<LoneEcho> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            EchoRequest request = EchoRequest.newBuilder(InetAddress.getLoopbackAddress())
                    .timeout(Duration.ofMillis(1 + i / 2))
                    .build();
            LoneEcho echo = new LoneEcho(i % 2 == 0 ? request : silent) {
                private boolean failed;

                @Override
                protected void onEnding() {
                    if (!failed) {
                        failed = true;
                        failures.incrementAndGet();
                        throw new OutOfMemoryError("injected");
                    }
                }
            };
            asked.add(echo);
            engine.submit(echo);
        }
        network.clock().advance(Duration.ofSeconds(1));
        assertThat(failures).hasValue(50);
        assertThat(asked.stream().filter(echo -> echo.outcome().isDone())).hasSize(50);
        engine.close();
        assertThat(failures).hasValue(100);
        assertThat(asked).allSatisfy(echo -> assertThat(echo.outcome()).isDone());
    }

    @Test
    void requestsThatWaitForAFullInterfaceCostTheSame() throws EchoUnavailableException {
        int all = 20_000;
        network.sendQueueFull(true);
        try (EchoRequester requester =
                network.newRequesterBuilder().maxOutstanding(all).open()) {
            List<CompletableFuture<EchoOutcome>> waiting = new ArrayList<>();
            for (int i = 0; i < all; i++) {
                waiting.add(requester.sendAsync(silent));
            }
            network.clock().advance(Duration.ofMinutes(59));
            assertThat(requester.statistics().queued()).isEqualTo(all);
            network.clock().advance(Duration.ofMinutes(1));
            assertThat(waiting)
                    .allSatisfy(future -> assertThat(future.getNow(null))
                            .isInstanceOfSatisfying(
                                    EchoOutcome.NotSent.class,
                                    ended -> assertThat(ended.reason()).isEqualTo(NotSentReason.OVERLOADED)));
        }
    }
}
