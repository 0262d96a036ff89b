// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an engine holds is bounded, however much is asked and cancelled (SPEC END-1). */
@Timeout(60)
class CancelledRequestsTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);
    private static final int PLACES = 10;

    private final FakeEngine engine = new FakeEngine(pending -> {});
    private final EngineRequester requester = EngineRequesterTest.requester(engine, PLACES);
    private final List<EchoOutcome> heard = new ArrayList<>();

    @Test
    void anEngineThatKeepsRequestsHoldsNoMoreThanTheBound() {
        engine.letsGo = false;
        for (int i = 0; i < 5_000; i++) {
            requester
                    .sendAsync(REQUEST, (request, outcome) -> heard.add(outcome))
                    .cancel();
        }

        assertThat(engine.submitted).hasSize(EngineRequester.MOST_HELD + PLACES);
        assertThat(heard).hasSize(5_000);
        assertThat(requester.statistics().queued()).as("none of them waits").isZero();

        engine.submitted.forEach(PendingEcho::letGo);
        engine.submitted.forEach(PendingEcho::letGo); // once more has no effect
        engine.submitted.clear();
        for (int i = 0; i < PLACES; i++) {
            assertThat(requester.sendAsync(REQUEST)).isNotDone();
        }
        assertThat(requester.sendAsync(REQUEST)).as("all places are taken").isDone();
        assertThat(requester.statistics().queued()).isEqualTo(PLACES);
    }

    @Test
    void whatIsCancelledTakesNoPlace() throws Exception {
        engine.letsGo = false;
        engine.letsGoWhenTold = true;
        for (int i = 0; i < PLACES - 1; i++) {
            assertThat(requester.sendAsync(REQUEST)).isNotDone();
        }
        for (int i = 0; i < 10_000; i++) {
            assertThat(requester.sendAsync(REQUEST, (request, outcome) -> {}).cancel())
                    .as("request %d", i)
                    .isTrue();
            assertThat(engine.submitted).hasSizeLessThanOrEqualTo(EngineRequester.MOST_HELD + PLACES);
        }
        assertThat(engine.told).as("searches of the queue").hasValueBetween(1, 20);
        assertThat(requester.sendAsync(REQUEST)).isNotDone();
        assertThat(requester.sendAsync(REQUEST)).as("all places are taken").isDone();
        assertThat(requester.statistics().queued()).isEqualTo(PLACES);
    }

    /** It waits, as for a place. */
    @Test
    void aThreadInSendWaitsUntilTheEngineLetsGo() throws Exception {
        engine.letsGo = false;
        for (int i = 0; i < EngineRequester.MOST_HELD + PLACES; i++) {
            requester.sendAsync(REQUEST, (request, outcome) -> {}).cancel();
        }
        CompletableFuture<EchoOutcome> result = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            try {
                result.complete(requester.send(REQUEST));
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        sender.start();
        int before = engine.told.get();
        await(() -> engine.told.get() >= before + 2);
        assertThat(result).isNotDone();
        engine.submitted.clear();
        engine.letsGoWhenTold = true;
        await(() -> !engine.submitted.isEmpty());
        engine.submitted.element().complete(FakeEngine.TIMED_OUT);
        assertThat(result.get(20, TimeUnit.SECONDS)).isEqualTo(FakeEngine.TIMED_OUT);
        sender.join();
    }

    private static void await(BooleanSupplier condition) {
        long begun = System.nanoTime();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - begun).isLessThan(TimeUnit.SECONDS.toNanos(20));
            Thread.onSpinWait();
        }
    }

    @Test
    void anEngineThatLetsGoIsAskedAsOftenAsOneLikes() {
        for (int i = 0; i < 100_000; i++) {
            assertThat(requester.sendAsync(REQUEST, (request, outcome) -> {}).cancel())
                    .isTrue();
            engine.submitted.clear();
            engine.cancelled.clear();
        }
        assertThat(requester.statistics().notSent()).isEqualTo(100_000);
        assertThat(requester.statistics().queued()).isZero();
    }

    @Test
    void aHandleCancelsItsOwnRequestOnce() {
        EchoHandle handle = requester.sendAsync(REQUEST, (request, outcome) -> heard.add(outcome));
        FakeEngine.ignore(requester.sendAsync(REQUEST));

        assertThat(handle.cancel()).isTrue();
        assertThat(handle.cancel()).isFalse();

        assertThat(heard)
                .singleElement()
                .matches(outcome ->
                        outcome instanceof EchoOutcome.NotSent notSent && notSent.reason() == NotSentReason.CANCELLED);
        assertThat(engine.cancelled).hasSize(1);
        assertThat(requester.statistics().queued()).isEqualTo(1);
    }

    @Test
    void theHandleOfARequestThatIsOverCancelsNothing() {
        EchoHandle refused = requester.sendAsync(EchoRequest.to(Addresses.ip("0.0.0.0")), (request, outcome) -> {});
        EchoHandle answered = requester.sendAsync(REQUEST, (request, outcome) -> {});
        engine.submitted.element().complete(FakeEngine.TIMED_OUT);

        assertThat(refused.cancel()).isFalse();
        assertThat(answered.cancel()).isFalse();
        assertThat(engine.cancelled).isEmpty();
    }
}
