// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An executor may drop its tasks; closing delivers what is owed, once (SPEC END-5). */
@Timeout(60)
class DroppedTasksTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);

    private static final Queue<Runnable> KEPT = new ConcurrentLinkedQueue<>();

    private final FakeEngine engine = new FakeEngine();
    private final AtomicInteger heard = new AtomicInteger();

    static List<Named<Executor>> executors() {
        return List.of(
                Named.of("drops everything", task -> {}),
                Named.of("keeps everything", KEPT::add),
                Named.of("runs twice", task -> {
                    task.run();
                    task.run();
                }),
                Named.of("runs and keeps", task -> {
                    task.run();
                    KEPT.add(task);
                }),
                Named.of("runs inline", Runnable::run));
    }

    @ParameterizedTest
    @MethodSource("executors")
    void closingDeliversWhatIsOwedAndNothingTwice(Executor executor) throws Exception {
        KEPT.clear();
        EngineRequester requester = FakeEngine.requester(engine, 1_000, executor);
        CountDownLatch all = new CountDownLatch(300);
        for (int i = 0; i < 300; i++) {
            requester.sendAsync(REQUEST, (request, outcome) -> {
                heard.incrementAndGet();
                all.countDown();
            });
        }
        CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);
        engine.submitted.stream().limit(200).forEach(pending -> pending.complete(FakeEngine.TIMED_OUT));
        KEPT.stream().limit(100).forEach(Runnable::run);

        requester.close();

        assertThat(all.await(20, TimeUnit.SECONDS)).isTrue();
        assertThat(future).succeedsWithin(20, TimeUnit.SECONDS);
        KEPT.forEach(Runnable::run);
        assertThat(heard).hasValue(300);
        assertThat(requester.sendAsync(REQUEST)).as("asked afterwards").succeedsWithin(20, TimeUnit.SECONDS);
    }

    @Test
    void anExecutorShutDownWithAFullQueueLosesNoOutcome() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        EngineRequester requester = FakeEngine.requester(engine, 1_000, pool);
        CountDownLatch release = new CountDownLatch(1);
        CountDownLatch blocked = new CountDownLatch(1);
        pool.execute(() -> {
            blocked.countDown();
            try {
                release.await();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
        });
        blocked.await();
        List<CompletableFuture<EchoOutcome>> futures =
                List.of(requester.sendAsync(REQUEST), requester.sendAsync(REQUEST), requester.sendAsync(REQUEST));
        engine.submitted.forEach(pending -> pending.complete(FakeEngine.TIMED_OUT));
        assertThat(pool.shutdownNow()).hasSize(3);

        requester.close();

        for (CompletableFuture<EchoOutcome> future : futures) {
            assertThat(future).succeedsWithin(20, TimeUnit.SECONDS).isSameAs(FakeEngine.TIMED_OUT);
        }
        assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
    }

    /** SPEC OUT-5, END-2: of this requester or of any other one of the process. */
    @Test
    void listenersThatBlockHoldUpNoOther() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        int listeners = 30;
        CountDownLatch called = new CountDownLatch(listeners);
        EngineRequester blocked = FakeEngine.requester(engine, 1_000, task -> {});
        for (int i = 0; i < listeners; i++) {
            blocked.sendAsync(REQUEST, (request, outcome) -> {
                called.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        engine.submitted.forEach(pending -> pending.complete(FakeEngine.TIMED_OUT));
        blocked.close();
        try {
            assertThat(called.await(20, TimeUnit.SECONDS)).isTrue();
            FakeEngine another = new FakeEngine();
            EngineRequester other = FakeEngine.requester(another, 1_000, task -> {});
            CompletableFuture<EchoOutcome> future = other.sendAsync(REQUEST);
            other.close();
            assertThat(future).succeedsWithin(20, TimeUnit.SECONDS);
        } finally {
            release.countDown();
        }
    }

    @Test
    void aWorkingExecutorKeepsItsTasks() throws Exception {
        ExecutorService pool = Executors.newSingleThreadExecutor();
        EngineRequester requester = FakeEngine.requester(engine, 10_000, pool);
        AtomicInteger elsewhere = new AtomicInteger();
        CompletableFuture<Thread> thread = new CompletableFuture<>();
        pool.execute(() -> thread.complete(Thread.currentThread()));
        Thread own = thread.get(20, TimeUnit.SECONDS);
        for (int i = 0; i < 1_000; i++) {
            requester.sendAsync(REQUEST, (request, outcome) -> {
                elsewhere.addAndGet(Thread.currentThread().equals(own) ? 0 : 1);
                heard.incrementAndGet();
            });
        }

        for (PendingEcho pending : engine.submitted) {
            pending.complete(FakeEngine.TIMED_OUT);
        }
        requester.close();
        pool.shutdown();

        assertThat(pool.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        assertThat(heard).hasValue(1_000);
        assertThat(elsewhere).hasValue(0);
    }
}
