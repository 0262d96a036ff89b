// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import java.io.IOException;
import java.lang.ref.WeakReference;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.parallel.ResourceLock;
import org.junit.jupiter.api.parallel.Resources;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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
        return new OwnedRequester(requester(name, executor));
    }

    private EngineRequester requester(String name, Executor executor) {
        return new EngineRequester("fake", name, new RequesterCounters(name), engine, 10, executor);
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

    /** Holds the requester and has its outcomes, as programs do; it is an executor as well. */
    private static final class Agent implements EchoListener, Executor {
        private final AtomicInteger heard;
        private final boolean drops;
        private @Nullable EchoRequester requester;

        Agent(AtomicInteger heard, boolean drops) {
            this.heard = heard;
            this.drops = drops;
        }

        @Override
        public void onOutcome(EchoRequest request, EchoOutcome outcome) {
            assertThat(requester).isNotNull();
            heard.incrementAndGet();
        }

        @Override
        public void execute(Runnable task) {
            if (!drops) {
                task.run();
            }
        }
    }

    private void dropAgent(String name, AtomicInteger heard, boolean drops) {
        Agent agent = new Agent(heard, drops);
        EchoRequester requester = open(name, agent);
        agent.requester = requester;
        requester.sendAsync(REQUEST, agent);
    }

    /** SPEC END-5, END-6: neither the listener nor the executor keeps it, though both refer to it. */
    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void isClosedThoughItsExecutorAndListenerReferToIt(boolean drops) throws InterruptedException {
        AtomicInteger heard = new AtomicInteger();
        dropAgent("dropped-l", heard, drops);
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        await("heard", () -> heard.get() > 0);
        awaitClosed();
        assertThat(heard).hasValue(1);
    }

    /** SPEC END-5: no one waits for an outcome that nothing can deliver any more, also while the requester is open. */
    @Test
    void whatAnExecutorDropsIsDeliveredWhileTheRequesterIsOpen() throws InterruptedException {
        Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
        AtomicBoolean drops = new AtomicBoolean(true);
        EchoRequester requester = open("dropped-m", task -> {
            if (!drops.get()) {
                tasks.add(task);
            }
        });
        futures.add(requester.sendAsync(REQUEST));
        futures.add(requester.sendAsync(REQUEST));
        futures.add(requester.sendAsync(REQUEST));
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        drops.set(false);
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        await("the first", futures.get(0)::isDone);
        drops.set(true);
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        await("the third", futures.get(2)::isDone);
        assertThat(futures.get(1)).as("what the executor may still run").isNotDone();
        tasks.remove().run();
        assertThat(futures.get(1)).isCompletedWithValue(FakeEngine.TIMED_OUT);
        requester.close();
    }

    /** SPEC END-6: a lack of memory that ends leaves no requester open, neither this one nor later ones. */
    @Test
    void isClosedOnceThereIsMemory() throws InterruptedException {
        engine.closeFailures.set(3);
        drop("dropped-h", 0, null);
        awaitClosed();
        assertThat(engine.closeFailures).hasValue(0);
        assertThat(RecordedLog.linesWith("dropped-h: ")).hasSize(1);
    }

    /** SPEC END-6: whatever the logger and the handler of last resort throw, later ones are closed as well. */
    @Test
    void isClosedThoughLoggerAndHandlerThrow() throws InterruptedException {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        Queue<Throwable> handled = new ConcurrentLinkedQueue<>();
        DroppedRequesters all = new DroppedRequesters(task -> {
            Thread thread = new Thread(task);
            thread.setUncaughtExceptionHandler((on, thrown) -> {
                handled.add(thrown);
                FakeEngine.sneakyThrow(new IOException("the handler is broken"));
            });
            threads.add(thread);
            return thread;
        });
        RecordedLog.breakFor("dropped-i");
        engine.closeThrows = new IOException("the engine is broken");
        for (int i = 1; i <= 3; i++) {
            int closes = i;
            new DroppedRequesters.Dropped(all, requester("dropped-i" + i, null), null).run();
            await("closed", () -> engine.closes.get() == closes);
        }
        await("all have ended", () -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(handled)
                .extracting(Throwable::getMessage)
                .containsExactly(
                        "dropped-i1: a requester of fake was dropped without close()",
                        "dropped-i1 was dropped and could not be closed",
                        "dropped-i2: a requester of fake was dropped without close()",
                        "dropped-i2 was dropped and could not be closed",
                        "dropped-i3: a requester of fake was dropped without close()",
                        "dropped-i3 was dropped and could not be closed");
    }

    /** SPEC END-6: the thread that has noticed it closes it then. */
    @Test
    void isClosedThoughNoThreadCanBeStarted() {
        DroppedRequesters all = new DroppedRequesters(Unstartable::new);
        EngineRequester requester = requester("dropped-j", null);
        engine.closeFailures.set(1);
        assertThatCode(new DroppedRequesters.Dropped(all, requester, null)::run).doesNotThrowAnyException();
        assertThat(engine.closes).hasValue(1);
        assertThat(RecordedLog.linesWith("dropped-j: ")).hasSize(1);
    }

    @Test
    void isLeftToAThreadOnceOneCanBeStarted() throws InterruptedException {
        Queue<Thread> threads = new ConcurrentLinkedQueue<>();
        DroppedRequesters all = new DroppedRequesters(task -> {
            threads.add(threads.size() < 3 ? new Unstartable(task) : new Thread(task));
            return threads.stream().reduce((before, last) -> last).orElseThrow();
        });
        EngineRequester requester = requester("dropped-k", null);
        FakeEngine.ignore(requester.sendAsync(REQUEST));
        // It ends, and the requester owes an outcome.
        assertThatCode(new DroppedRequesters.Dropped(all, requester, null)::run).doesNotThrowAnyException();
        assertThat(threads).hasSize(4);
        assertThat(engine.closes).hasValue(0);
        engine.submitted.remove().complete(FakeEngine.TIMED_OUT);
        awaitClosed();
        await("all have ended", () -> threads.stream().noneMatch(Thread::isAlive));
        assertThat(threads).hasSize(4);
    }

    /** As {@link Thread#start} fails where pthread_create(3) says EAGAIN. */
    private static final class Unstartable extends Thread {
        Unstartable(Runnable task) {
            super(task);
        }

        @Override
        public synchronized void start() {
            throw new OutOfMemoryError("unable to create native thread");
        }
    }

    @Test
    void isNoticedThoughItsRequestsAreKept() throws InterruptedException {
        WeakReference<EchoRequester> requester = drop("dropped-d", 1, null);
        engine.submitted.element().complete(FakeEngine.TIMED_OUT);
        // The engine and the test have the request and its future.
        await("collected", () -> requester.get() == null);
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

    /** A close that finds no stack changes nothing: the user holds the requester, and it is watched as before. */
    @Test
    void staysOpenAndWatchedIfThereWasNoStackToCloseIt() throws InterruptedException {
        List<WeakReference<EchoRequester>> refused = openAndRefuseToClose("dropped-o", 500);
        for (int i = 0; i < refused.size(); i++) {
            String name = "dropped-o" + i + ": ";
            await(name, () -> !RecordedLog.linesWith(name).isEmpty());
        }
        await("closed", () -> engine.closes.get() == 500 + 1);
    }

    /** {@return those that could not be closed} Each is closed with a frame less on the stack than the one before. */
    private List<WeakReference<EchoRequester>> openAndRefuseToClose(String name, int most) throws InterruptedException {
        EchoRequester[] requesters = new EchoRequester[most];
        for (int i = 0; i < most; i++) {
            requesters[i] = open(name + i, null);
        }
        AtomicInteger next = new AtomicInteger();
        Thread thread = new Thread(null, () -> closeAtTheEndOfTheStack(requesters, next), "deep", 200 << 10);
        thread.start();
        thread.join();
        int closed = next.get() - 1;
        assertThat(closed).as("refused").isPositive();
        assertThat(requesters[closed].isOpen()).isFalse();
        for (int i = closed + 1; i < most; i++) {
            requesters[i].close();
        }
        // What was reported by mistake would come before this.
        drop("dropped-p", 0, null);
        await("a line", () -> !RecordedLog.linesWith("dropped-p: ").isEmpty());
        assertThat(RecordedLog.linesWith(name)).isEmpty();
        List<WeakReference<EchoRequester>> refused = new ArrayList<>();
        for (int i = 0; i < closed; i++) {
            assertThat(requesters[i].isOpen()).isTrue();
            refused.add(new WeakReference<>(requesters[i]));
        }
        return refused;
    }

    @SuppressWarnings("InfiniteRecursion") // until there is no stack
    private static void closeAtTheEndOfTheStack(EchoRequester[] requesters, AtomicInteger next) {
        try {
            closeAtTheEndOfTheStack(requesters, next);
        } catch (StackOverflowError e) {
            // Throws again, to the caller, until there is stack.
            requesters[next.getAndIncrement()].close();
        }
    }

    private WeakReference<EchoRequester> openAndClose() {
        EchoRequester requester = open("dropped-f", null);
        requester.close();
        return new WeakReference<>(requester);
    }
}
