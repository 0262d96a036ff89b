// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;

/** A requester that its user has dropped: no test may hold it in a variable of its own. */
class DroppedRequestersTest {
    private static final EchoRequest REQUEST = EchoRequest.to(InetAddress.getLoopbackAddress());

    private final FakeEngine engine = new FakeEngine();
    private final List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(deadline);
            System.gc();
            Thread.sleep(5);
        }
    }

    private EchoRequester open(String name, Executor executor) {
        return new OwnedRequester(new EngineRequester("fake", name, new RequesterCounters(name), engine, 10, executor));
    }

    /** Opens a requester that sends the futures, and drops it. {@return it, as long as something holds it} */
    private WeakReference<EchoRequester> drop(String name, int requests, Executor executor) {
        EchoRequester requester = open(name, executor);
        for (int i = 0; i < requests; i++) {
            futures.add(requester.sendAsync(REQUEST));
        }
        return new WeakReference<>(requester);
    }

    private void awaitClosed() throws InterruptedException {
        await("the engine is closed", () -> engine.closes.get() > 0);
    }

    @Test
    void isClosedAndReportedOnce() throws InterruptedException {
        drop("dropped-a", 0, null);
        awaitClosed();
        await("a line", () -> !RecordedLog.linesWith("dropped-a: ").isEmpty());
        assertThat(RecordedLog.linesWith("dropped-a: "))
                .singleElement()
                .satisfies(line -> assertThat(line.text())
                        .contains("fake was dropped without close()")
                        .contains("-Dnetecho.traceOpen=true"))
                .satisfies(line -> assertThat(line.thrown()).isNull());
    }

    @Test
    void isClosedAfterItsLastOutcomeOnly() throws InterruptedException {
        WeakReference<EchoRequester> requester = drop("dropped-b", 2, null);
        await("collected", () -> requester.get() == null);
        await("a line", () -> !RecordedLog.linesWith("dropped-b: ").isEmpty());
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        for (int i = 0; i < 10; i++) { // time for several looks
            Thread.sleep(10);
            assertThat(engine.closes).hasValue(0);
        }
        assertThat(futures.get(1)).isNotDone();
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        assertThat(futures).allSatisfy(future -> assertThat(future).isCompletedWithValue(FakeEngine.TIMED_OUT));
        awaitClosed();
    }

    @Test
    void isClosedAfterItsExecutorHasRunItsTasks() throws InterruptedException {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        drop("dropped-c", 1, tasks::add);
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        await("a line", () -> !RecordedLog.linesWith("dropped-c: ").isEmpty());
        assertThat(engine.closes).hasValue(0);
        assertThat(futures.get(0)).isNotDone();
        tasks.remove().run();
        assertThat(futures.get(0)).isCompletedWithValue(FakeEngine.TIMED_OUT);
        awaitClosed();
    }

    @Test
    void isNoticedThoughItsRequestsAreKept() throws InterruptedException {
        WeakReference<EchoRequester> requester = drop("dropped-d", 1, null);
        engine.submitted.element().complete(FakeEngine.TIMED_OUT);
        await("collected", () -> requester.get() == null); // the engine and the test have the request and its future
        awaitClosed();
    }

    @Test
    @ResourceLock(Resources.SYSTEM_PROPERTIES)
    void isReportedWithWhereItWasOpenedIfAsked() throws InterruptedException {
        System.setProperty("netecho.traceOpen", "true");
        try {
            drop("dropped-e", 0, null);
        } finally {
            System.clearProperty("netecho.traceOpen");
        }
        await("a line", () -> !RecordedLog.linesWith("dropped-e: ").isEmpty());
        assertThat(RecordedLog.linesWith("dropped-e: "))
                .singleElement()
                .satisfies(line -> assertThat(line.thrown())
                        .hasMessage("dropped-e was opened here")
                        .hasStackTraceContaining("DroppedRequestersTest.open"));
        awaitClosed();
    }

    @Test
    void isNotReportedIfItWasClosed() throws InterruptedException {
        WeakReference<EchoRequester> closed = openAndClose();
        await("collected", () -> closed.get() == null);
        // One that is dropped later is reported later.
        drop("dropped-g", 0, null);
        await("a line", () -> !RecordedLog.linesWith("dropped-g: ").isEmpty());
        assertThat(RecordedLog.linesWith("dropped-f: ")).isEmpty();
    }

    private WeakReference<EchoRequester> openAndClose() {
        EchoRequester requester = open("dropped-f", null);
        requester.close();
        return new WeakReference<>(requester);
    }
}
