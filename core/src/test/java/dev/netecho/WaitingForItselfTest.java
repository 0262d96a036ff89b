// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Who waits on the engine's thread would wait for itself (SPEC OUT-9). */
@Timeout(60)
class WaitingForItselfTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);

    private final FakeEngine engine = new FakeEngine();
    private final EngineRequester requester = EngineRequesterTest.requester(engine, 2);

    static List<Named<Function<CompletableFuture<EchoOutcome>, CompletableFuture<?>>>> futures() {
        return List.of(
                Named.of("the future", future -> future),
                Named.of("a stage", future -> future.thenApply(EchoOutcome::isReply)),
                Named.of(
                        "a stage of a stage",
                        future ->
                                future.thenApply(EchoOutcome::isReply).thenCompose(CompletableFuture::completedFuture)),
                Named.of("a copy", CompletableFuture::copy));
    }

    @ParameterizedTest
    @MethodSource("futures")
    void waitingOnTheEnginesThreadThrowsUntilDone(Function<CompletableFuture<EchoOutcome>, CompletableFuture<?>> of)
            throws Exception {
        CompletableFuture<?> future = of.apply(requester.sendAsync(REQUEST));
        engine.engineThread = Thread.currentThread();

        for (ThrowingCallable wait :
                List.<ThrowingCallable>of(future::join, future::get, () -> future.get(1, TimeUnit.HOURS))) {
            assertThatIllegalStateException()
                    .isThrownBy(wait)
                    .withMessageContaining("engine's thread")
                    .withMessageContaining("use sendAsync()");
        }
        assertThat(future.getNow(null)).isNull();
        engine.submitted.element().complete(FakeEngine.TIMED_OUT);

        assertThat(future.join()).isNotNull();
        assertThat(future.get()).isNotNull();
        assertThat(future.get(1, TimeUnit.HOURS)).isNotNull();
    }

    @ParameterizedTest
    @MethodSource("futures")
    void waitingElsewhereIsWhatFuturesAreFor(Function<CompletableFuture<EchoOutcome>, CompletableFuture<?>> of)
            throws Exception {
        CompletableFuture<?> future = of.apply(requester.sendAsync(REQUEST));
        Thread other = new Thread(() -> engine.submitted.element().complete(FakeEngine.TIMED_OUT));
        other.start();

        assertThat(future.get(20, TimeUnit.SECONDS)).isNotNull();
        other.join();
    }
}
