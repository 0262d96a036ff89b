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
    void listeners_and_futures_run_on_the_executor_and_nowhere_else() {
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
    void refusals_come_through_the_executor_too() {
        EngineRequester requester = requester(tasks::add);

        requester.sendAsync(EchoRequest.to(Addresses.ip("0.0.0.0")), (request, outcome) -> heard.add(outcome));

        assertThat(heard).isEmpty();
        tasks.forEach(Runnable::run);
        assertThat(heard).hasSize(1);
    }

    @Test
    void an_executor_that_rejects_costs_no_outcome() {
        deliversInSpiteOf(task -> {
            throw new RejectedExecutionException("shut down");
        });
    }

    @Test
    void an_executor_that_fails_costs_no_outcome() {
        deliversInSpiteOf(task -> {
            throw new InternalError("no thread could be made");
        });
        deliversInSpiteOf(task -> {
            throw new IllegalStateException("a defect of the executor");
        });
    }

    @Test
    void an_executor_that_fails_and_runs_the_task_all_the_same_delivers_once() {
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
    void send_does_not_wait_for_an_executor_whose_threads_all_wait_in_send() throws Exception {
        ExecutorService single = Executors.newSingleThreadExecutor();
        try {
            EngineRequester requester = new EngineRequester("fake", 10, single);
            requester.start(FakeEngine.answering());
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
        EngineRequester requester = new EngineRequester("fake", 10, executor);
        requester.start(engine);
        return requester;
    }
}
