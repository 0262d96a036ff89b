// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A caller that completes the future has no use for the outcome: the request gives its slot back. */
@Timeout(60)
class EchoFutureTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);
    private static final EchoOutcome OWN = EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "the caller's own");

    private static final int CHAIN = 100_000;

    private final FakeEngine engine = new FakeEngine();
    private final EngineRequester requester = EngineRequesterTest.requester(engine, 1);

    static List<Named<Consumer<CompletableFuture<EchoOutcome>>>> completions() {
        return List.of(
                Named.of("cancel", future -> future.cancel(true)),
                Named.of("complete", future -> future.complete(OWN)),
                Named.of("completeExceptionally", future -> future.completeExceptionally(new TimeoutException())),
                Named.of("completeAsync", future -> future.completeAsync(() -> OWN, Runnable::run)),
                Named.of(
                        "completeAsync that throws",
                        future -> future.completeAsync(
                                () -> {
                                    throw new IllegalStateException("own");
                                },
                                Runnable::run)),
                Named.of("obtrudeValue", future -> future.obtrudeValue(OWN)),
                Named.of("obtrudeException", future -> future.obtrudeException(new TimeoutException())));
    }

    @ParameterizedTest
    @MethodSource("completions")
    void anyCompletionByTheCallerFreesTheSlotOnce(Consumer<CompletableFuture<EchoOutcome>> completion) {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);

        completion.accept(future);
        assertThat(engine.cancelled).hasSize(1);
        completion.accept(future);
        future.cancel(false);

        assertThat(future).isDone();
        assertThat(engine.cancelled).containsExactlyElementsOf(engine.submitted).hasSize(1);
        assertThat(engine.submitted.element().isDone()).isTrue();
        assertThat(requester.statistics().abandoned()).isEqualTo(1);
        assertThat(requester.sendAsync(REQUEST)).as("the slot is free").isNotDone();
    }

    /** SPEC OUT-8: a refused future is complete at once, so what depends on it runs within the next call. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChainOfRefusalsIsAsLongAsItLikes(boolean closed) throws Exception {
        CompletableFuture<EchoOutcome> onlyPlace = requester.sendAsync(REQUEST);
        if (closed) {
            requester.close();
        }
        AtomicInteger refused = new AtomicInteger();
        assertThat(chain(CHAIN, refused).get(40, TimeUnit.SECONDS)).isZero();
        assertThat(refused).hasValue(CHAIN);
        assertThat(onlyPlace.isDone()).isEqualTo(closed);
        assertThat(requester.statistics().notSent()).isEqualTo(closed ? CHAIN + 1 : CHAIN);
    }

    /** SPEC END-1: also where each cancellation causes the next one, on the stack of the first. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void aChainOfCancellationsIsAsLongAsItLikes(boolean byOutcome) throws Exception {
        EngineRequester many = EngineRequesterTest.requester(engine, CHAIN);
        List<CompletableFuture<EchoOutcome>> futures =
                Stream.generate(() -> many.sendAsync(REQUEST)).limit(CHAIN).toList();
        List<CompletableFuture<?>> stages = new ArrayList<>();
        // A stage drops what its action throws after a cancellation.
        Queue<String> violations = new ConcurrentLinkedQueue<>();
        for (int i = 1; i < CHAIN; i++) {
            CompletableFuture<EchoOutcome> next = futures.get(i);
            stages.add(futures.get(i - 1).handle((outcome, thrown) -> {
                try {
                    if (!next.cancel(true) || !next.isCancelled()) {
                        violations.add(next + " was not cancelled");
                    }
                } catch (Throwable t) {
                    violations.add(t.toString());
                }
                return outcome;
            }));
        }

        if (byOutcome) {
            engine.submitted.element().complete(FakeEngine.TIMED_OUT);
        } else {
            futures.get(0).cancel(true);
        }

        for (CompletableFuture<?> stage : stages) {
            stage.get(20, TimeUnit.SECONDS);
        }
        assertThat(violations).isEmpty();
        assertThat(futures.get(CHAIN - 1)).isCancelled();
        assertThat(many.statistics().inFlight()).isZero();
        assertThat(many.statistics().abandoned()).isEqualTo(byOutcome ? CHAIN - 1 : CHAIN);
    }

    /** SPEC END-1: what depends on the future comes after the slot is free, whatever it does. */
    @ParameterizedTest
    @MethodSource("completions")
    void theSlotIsFreeBeforeWhatDependsOnTheFutureRuns(Consumer<CompletableFuture<EchoOutcome>> completion) {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);
        CompletableFuture<Boolean> wasFree =
                future.handle((outcome, thrown) -> !requester.sendAsync(REQUEST).isDone());

        completion.accept(future);

        assertThat(wasFree).isCompletedWithValue(true);
    }

    private CompletableFuture<Integer> chain(int left, AtomicInteger refused) {
        return requester.sendAsync(REQUEST).thenCompose(outcome -> {
            refused.incrementAndGet();
            return left == 1 ? CompletableFuture.completedFuture(0) : chain(left - 1, refused);
        });
    }

    @Test
    void theCallerKeepsTheValueItGave() {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);

        assertThat(future.complete(OWN)).isTrue();

        assertThat(engine.submitted.element().complete(FakeEngine.TIMED_OUT)).isFalse();
        assertThat(future).isCompletedWithValue(OWN);
    }

    @Test
    void aCancelledFutureSaysSo() {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);

        assertThat(future.cancel(true)).isTrue();

        assertThat(future).isCancelled();
        assertThat(future.cancel(true))
                .as("as CompletableFuture: it is cancelled")
                .isTrue();
        assertThat(future.complete(OWN)).isFalse();
    }

    @Test
    void aTimeoutOfTheFutureItselfFreesTheSlot() {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST).orTimeout(1, TimeUnit.NANOSECONDS);

        assertThat(future).failsWithin(30, TimeUnit.SECONDS);
        // The thread that times the future out frees the slot right after it has completed the future.
        while (engine.cancelled.isEmpty()) {
            Thread.onSpinWait();
        }
        assertThat(engine.submitted.element().isDone()).isTrue();
    }

    @ParameterizedTest
    @MethodSource("completions")
    void completingARefusedOneFreesNoPlace(Consumer<CompletableFuture<EchoOutcome>> completion) {
        FakeEngine.ignore(requester.sendAsync(REQUEST));
        CompletableFuture<EchoOutcome> refused = requester.sendAsync(REQUEST);
        assertThat(refused.join()).isInstanceOf(EchoOutcome.NotSent.class);

        completion.accept(refused);

        assertThat(engine.cancelled).as("the engine never had it").isEmpty();
        assertThat(requester.statistics().notSent()).isEqualTo(1);
        assertThat(requester.sendAsync(REQUEST)).as("no place is free").isDone();
    }

    @Test
    void anOutcomeStandsWhateverTheCallerDoesAfterwards() {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);
        engine.submitted.element().complete(FakeEngine.TIMED_OUT);

        assertThat(future.cancel(true)).isFalse();
        assertThat(future.complete(OWN)).isFalse();
        assertThat(future.completeExceptionally(new TimeoutException())).isFalse();

        assertThat(future).isCompletedWithValue(FakeEngine.TIMED_OUT);
        assertThat(engine.cancelled).isEmpty();
        assertThat(requester.statistics().timedOut()).isEqualTo(1);
        assertThat(requester.statistics().notSent()).isZero();
    }

    @Test
    void completingADependentStageLeavesTheRequest() {
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);

        Stream.<CompletableFuture<?>>of(
                        future.thenApply(EchoOutcome::isReply),
                        future.whenComplete((outcome, thrown) -> {}),
                        future.copy(),
                        future.orTimeout(1, TimeUnit.HOURS).thenRun(() -> {}),
                        future.minimalCompletionStage().toCompletableFuture())
                .forEach(stage -> assertThat(stage.cancel(true)).isTrue());

        assertThat(future).isNotDone();
        assertThat(engine.cancelled).isEmpty();
        engine.submitted.element().complete(FakeEngine.TIMED_OUT);
        assertThat(future).isCompletedWithValue(FakeEngine.TIMED_OUT);
    }

    @Test
    void aRefusedRequestWasNeverTheEnginesToCancel() {
        CompletableFuture<EchoOutcome> refused = requester.sendAsync(EchoRequest.to(Addresses.ip("0.0.0.0")));

        refused.cancel(true);

        assertThat(engine.cancelled).isEmpty();
        assertThat(refused).isCompleted();
    }
}
