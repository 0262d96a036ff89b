// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** No outcome is delivered on the stack of a call that a listener makes (SPEC OUT-8). */
@Timeout(60)
class NestedOutcomesTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);
    private static final int MANY = 1_000_000;

    private final FakeEngine engine = new FakeEngine();

    private enum Refusal {
        UNSUPPORTED,
        INVALID_DESTINATION,
        OVERLOADED,
        CLOSED;

        EchoRequest request() {
            return EchoRequest.to(
                    switch (this) {
                        case UNSUPPORTED -> Addresses.V6;
                        case INVALID_DESTINATION -> Addresses.ip("0.0.0.0");
                        case OVERLOADED, CLOSED -> Addresses.V4;
                    });
        }

        /** Opens a requester that refuses the request for this reason. */
        EngineRequester requester(FakeEngine engine) {
            engine.capabilities = EnumSet.of(EchoCapability.IPV4);
            EngineRequester requester = EngineRequesterTest.requester(engine, 1);
            FakeEngine.ignore(requester.sendAsync(REQUEST));
            if (this == CLOSED) {
                requester.close();
            }
            return requester;
        }
    }

    /** Asks again in every outcome, up to a number of times, and notices if it is called inside itself. */
    private static final class Chain implements EchoListener {
        final CountDownLatch done;
        final AtomicInteger nested = new AtomicInteger();
        private final EngineRequester requester;
        private boolean inside;

        Chain(EngineRequester requester, int length) {
            this.requester = requester;
            this.done = new CountDownLatch(length);
        }

        @Override
        public void onOutcome(EchoRequest request, EchoOutcome outcome) {
            if (inside) {
                nested.incrementAndGet();
            }
            inside = true;
            done.countDown();
            if (done.getCount() > 0) {
                requester.sendAsync(request, this);
            }
            inside = false;
        }
    }

    @ParameterizedTest
    @EnumSource
    void aMillionRefusalsReachTheirListeners(Refusal refusal) throws Exception {
        EngineRequester requester = refusal.requester(engine);
        Chain chain = new Chain(requester, MANY);

        requester.sendAsync(refusal.request(), chain);

        assertThat(chain.done.await(50, TimeUnit.SECONDS)).isTrue();
        assertThat(chain.nested).hasValue(0);
        assertThat(requester.statistics().notSent()).isEqualTo(MANY + (refusal == Refusal.CLOSED ? 1 : 0));
    }

    @ParameterizedTest
    @EnumSource
    void aCallerIsNotHeldByAListenerThatAsksForEver(Refusal refusal) {
        EngineRequester requester = refusal.requester(engine);
        AtomicInteger calls = new AtomicInteger();
        EchoListener forEver = new EchoListener() {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                if (calls.incrementAndGet() < 20 * MANY) { // the test ends, the listener would not
                    requester.sendAsync(request, this);
                }
            }
        };

        requester.sendAsync(refusal.request(), forEver);

        assertThat(calls.get()).isLessThan(20 * MANY);
        calls.set(20 * MANY);
    }

    @Test
    void outcomesComeAfterTheListenerThatCausedThem() {
        EngineRequester requester = EngineRequesterTest.requester(engine, 3);
        List<String> log = new ArrayList<>();
        AtomicReference<EchoHandle> other = new AtomicReference<>();
        requester.sendAsync(REQUEST, (request, outcome) -> {
            requester.sendAsync(
                    EchoRequest.to(Addresses.ip("0.0.0.0")), (refused, reason) -> log.add("invalid destination"));
            log.add("cancel " + other.get().cancel());
            FakeEngine.ignore(requester
                    .sendAsync(EchoRequest.to(Addresses.ip("0.0.0.0")))
                    .thenRun(() -> log.add("a future's action, on the stack of whoever adds it")));
            log.add("returns");
        });
        other.set(requester.sendAsync(REQUEST, (request, outcome) -> log.add("cancelled")));

        engine.submitted.element().complete(FakeEngine.TIMED_OUT);

        assertThat(log).startsWith("cancel true", "returns", "invalid destination", "cancelled");
        assertThat(other.get().cancel()).isFalse();
    }

    @Test
    void closingEndsAThousandListenersThatSendForEver() throws Exception {
        EngineRequester requester = EngineRequesterTest.requester(engine, 1_000);
        AtomicInteger accepted = new AtomicInteger();
        AtomicInteger stop = new AtomicInteger();
        CountDownLatch each = new CountDownLatch(1_000);
        for (int i = 0; i < 1_000; i++) {
            AtomicInteger mine = new AtomicInteger();
            requester.sendAsync(REQUEST, new EchoListener() {
                @Override
                public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                    if (mine.getAndIncrement() == 0) {
                        accepted.incrementAndGet();
                        each.countDown();
                    }
                    if (stop.get() == 0) {
                        requester.sendAsync(request, this);
                    }
                }
            });
        }

        long before = System.nanoTime();
        requester.close();
        Duration taken = Duration.ofNanos(System.nanoTime() - before);
        boolean all = each.await(100, TimeUnit.MILLISECONDS);
        stop.set(1);

        assertThat(taken).isLessThan(Duration.ofMillis(500)); // 100 on an idle machine; it was 5 s
        assertThat(all).isTrue();
        assertThat(accepted).hasValue(1_000);
        assertThat(requester.statistics().inFlight()).isZero();
    }

    @Test
    void aBlockedListenerHoldsUpNoDeliveryOfOthers() throws Exception {
        EngineRequester requester = EngineRequesterTest.requester(engine, 1);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch heard = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        requester.sendAsync(REQUEST, (request, outcome) -> {
            requester.sendAsync(EchoRequest.to(Addresses.ip("0.0.0.0")), (refused, reason) -> heard.countDown());
            blocked.countDown();
            awaitQuietly(release);
        });
        PendingEcho pending = engine.submitted.remove();
        Thread engineThread = new Thread(() -> pending.complete(FakeEngine.TIMED_OUT));
        engineThread.start();
        try {
            blocked.await();
            requester.close();
            assertThat(heard.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            release.countDown();
            engineThread.join();
        }
    }

    /** SPEC OUT-5: listeners of one requester that block for good leave the threads that others need. */
    @Test
    void blockedListenersOfOneRequesterHoldUpNoChainOfAnother() throws Exception {
        int blocked = SpareThreads.MOST_EACH + 8;
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch entered = new CountDownLatch(SpareThreads.MOST_EACH);
        CountDownLatch all = new CountDownLatch(blocked);
        EngineRequester bad = FakeEngine.requester(engine, blocked, task -> {});
        for (int i = 0; i < blocked; i++) {
            bad.sendAsync(REQUEST, (request, outcome) -> {
                entered.countDown();
                awaitQuietly(release);
                all.countDown();
            });
        }
        bad.close();
        try {
            assertThat(entered.await(40, TimeUnit.SECONDS)).isTrue();
            EngineRequester good = Refusal.UNSUPPORTED.requester(new FakeEngine());
            Chain chain = new Chain(good, 1_000);
            good.sendAsync(Refusal.UNSUPPORTED.request(), chain);
            assertThat(chain.done.await(20, TimeUnit.SECONDS)).isTrue();
        } finally {
            release.countDown();
        }
        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
    }

    /** SPEC OUT-9: a spare thread is that of the requester whose outcome it delivers, and of no other. */
    @Test
    void aSpareThreadMayWaitForAnotherRequester() throws Exception {
        EngineRequester one = FakeEngine.requester(engine, 1, task -> {});
        EngineRequester other = FakeEngine.requester(FakeEngine.answering(), 1, null);
        CompletableFuture<EchoOutcome> ofOther = new CompletableFuture<>();
        CompletableFuture<EchoOutcome> ofOwn = new CompletableFuture<>();
        one.sendAsync(REQUEST, (request, outcome) -> {
            ofOther.completeAsync(() -> send(other), Runnable::run);
            ofOwn.completeAsync(() -> send(one), Runnable::run);
        });
        one.close();
        assertThat(ofOther.get(20, TimeUnit.SECONDS)).isEqualTo(FakeEngine.TIMED_OUT);
        assertThat(ofOwn)
                .failsWithin(Duration.ofSeconds(20))
                .withThrowableThat()
                .havingCause()
                .isInstanceOf(IllegalStateException.class);
    }

    /** SPEC END-6: threads live longer than requesters. */
    @Test
    void aThreadKeepsNoRequesterWhoseListenersItHasCalled() throws Exception {
        WeakReference<EngineRequester> requester = deliverOneRefusalAfterAnother();
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (requester.get() != null) {
            assertThat(System.nanoTime() - end).as("collected").isNegative();
            System.gc();
            Thread.sleep(5);
        }
    }

    private static WeakReference<EngineRequester> deliverOneRefusalAfterAnother() {
        EngineRequester requester = Refusal.OVERLOADED.requester(new FakeEngine());
        Chain chain = new Chain(requester, 3);
        requester.sendAsync(REQUEST, chain);
        assertThat(chain.done.getCount()).isZero();
        requester.close();
        return new WeakReference<>(requester);
    }

    private static EchoOutcome send(EchoRequester requester) {
        try {
            return requester.send(REQUEST);
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aListenerThatWaitsForWhatItDeferredGetsIt() throws Exception {
        EngineRequester requester = EngineRequesterTest.requester(engine, 1);
        List<EchoOutcome> heard = new ArrayList<>();
        EchoRequest invalid = EchoRequest.to(Addresses.ip("0.0.0.0"));

        // On the caller's own thread, which may wait.
        requester.sendAsync(
                invalid,
                (request, outcome) -> heard.add(requester.sendAsync(invalid).join()));

        assertThat(heard).hasSize(1);
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
