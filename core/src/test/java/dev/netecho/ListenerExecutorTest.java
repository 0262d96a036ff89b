// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class ListenerExecutorTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);

    private final FakeEngine engine = new FakeEngine();
    private final Queue<Runnable> tasks = new ArrayDeque<>();
    private final List<EchoOutcome> heard = new ArrayList<>();

    @Test
    void listenersAndFuturesRunOnTheExecutorAndNowhereElse() {
        EngineRequester requester = requester(tasks::add);
        requester.sendAsync(REQUEST, (request, outcome) -> heard.add(outcome));
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);

        engine.submitted.forEach(pending -> pending.complete(FakeEngine.TIMED_OUT));
        assertThat(heard).isEmpty();
        assertThat(future).isNotDone();
        assertThat(requester.statistics().inFlight())
                .as("the slots are free already")
                .isZero();
        tasks.forEach(Runnable::run);

        assertThat(heard).containsExactly(FakeEngine.TIMED_OUT);
        assertThat(future).isCompletedWithValue(FakeEngine.TIMED_OUT);
    }

    @Test
    void refusalsComeThroughTheExecutorToo() {
        EngineRequester requester = requester(tasks::add);

        requester.sendAsync(EchoRequest.to(Addresses.ip("0.0.0.0")), (request, outcome) -> heard.add(outcome));

        assertThat(heard).isEmpty();
        tasks.forEach(Runnable::run);
        assertThat(heard).hasSize(1);
    }

    @Test
    void anExecutorThatRejectsCostsNoOutcome() {
        deliversInSpiteOf(task -> {
            throw new RejectedExecutionException("shut down");
        });
    }

    @Test
    void anExecutorThatFailsCostsNoOutcome() {
        deliversInSpiteOf(task -> {
            throw new InternalError("no thread could be made");
        });
        deliversInSpiteOf(task -> {
            throw new IllegalStateException("a defect of the executor");
        });
    }

    @Test
    void anExecutorThatRunsTheTaskAndFailsDeliversOnce() {
        deliversInSpiteOf(task -> {
            tasks.add(task);
            throw new InternalError("no thread could be made");
        });
        deliversInSpiteOf(task -> {
            task.run();
            throw new IllegalStateException("a defect of the executor");
        });
    }

    @Test
    void sendDoesNotWaitForAnExecutorBlockedInSend() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            EngineRequester requester = FakeEngine.requester(FakeEngine.answering(), 10, single);
            CompletableFuture<EchoOutcome> second = new CompletableFuture<>();

            requester.sendAsync(REQUEST, (request, outcome) -> {
                try {
                    second.complete(requester.send(request));
                } catch (InterruptedException e) {
                    second.completeExceptionally(e);
                }
            });

            assertThat(second.get(20, TimeUnit.SECONDS)).isSameAs(FakeEngine.TIMED_OUT);
        } finally {
            single.shutdownNow();
            assertThat(single.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private void deliversInSpiteOf(Executor executor) {
        engine.submitted.clear();
        heard.clear();
        tasks.clear();
        EngineRequester requester = requester(executor);
        requester.sendAsync(REQUEST, (request, outcome) -> heard.add(outcome));
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);

        for (PendingEcho pending : engine.submitted) {
            assertThat(pending.complete(FakeEngine.TIMED_OUT)).isTrue();
        }
        tasks.forEach(Runnable::run);

        assertThat(heard).containsExactly(FakeEngine.TIMED_OUT);
        assertThat(future).isCompletedWithValue(FakeEngine.TIMED_OUT);
    }

    private EngineRequester requester(Executor executor) {
        EngineRequester requester = FakeEngine.requester(engine, 10, executor);
        return requester;
    }
}
