// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.FakeCounters;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class ClosedRequestsTest {
    private static final int MANY = 1_100;
    private static final long LONG = TimeUnit.SECONDS.toNanos(30);
    private static final long SHORT = TimeUnit.MILLISECONDS.toNanos(50);
    private static final int ASKS_ITS_PARENT = 18;
    private static final String ASKS_NOTHING = "since JDK 19 a new thread asks its parent nothing";
    private static final AtomicInteger TESTS = new AtomicInteger();

    /** Each test has its own: threads of an earlier one may still end. */
    private final String name = "closed-requests-test-" + TESTS.incrementAndGet();

    private final ClosedRequests closed = new ClosedRequests(name, MANY);
    private final AtomicInteger outcomes = new AtomicInteger();
    private final AtomicInteger failures = new AtomicInteger();
    private final CountDownLatch blocked = new CountDownLatch(1);
    private final CountDownLatch released = new CountDownLatch(1);
    private final EchoCounters counters = new FakeCounters();
    private volatile boolean noMemory;

    private class Asked extends PendingEcho {
        Asked() {
            super(EchoRequest.to(InetAddress.getLoopbackAddress()));
        }

        @Override
        public EchoCounters counters() {
            return counters;
        }

        @Override
        protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
            assertThat(((EchoOutcome.NotSent) outcome).reason()).isEqualTo(NotSentReason.CLOSED);
            outcomes.incrementAndGet();
        }

        @Override
        protected void onCancelled(EchoOutcome.NotSent outcome, boolean wasSent) {}
    }

    /** Finds no memory the first time that its outcome is to be delivered, or as long as there is none. */
    private final class Failing extends Asked {
        @Override
        protected void onEnding() {
            if (noMemory || handle() < 0) {
                failures.incrementAndGet();
                handle(0);
                throw new OutOfMemoryError("injected");
            }
        }
    }

    /** Its listener blocks. */
    private final class Blocking extends Asked {
        @Override
        protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
            blocked.countDown();
            try {
                assertThat(released.await(LONG, TimeUnit.NANOSECONDS)).isTrue();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            super.onOutcome(outcome, wasSent);
        }
    }

    private boolean isOver() {
        return closed.await(0, () -> false);
    }

    @Test
    void loseNoOutcomeHoweverOftenMemoryIsShort() {
        for (int i = 0; i < MANY; i++) {
            if (i % 2 == 0) {
                closed.add(new Failing());
            } else {
                closed.addLinked(new Failing());
            }
        }
        closed.setCollected();

        closed.deliver();

        assertThat(failures).hasValue(MANY);
        assertThat(outcomes).hasValue(MANY);
        assertThat(isOver()).isTrue();
    }

    /** The batch that is being sent puts a request back into the queue it came from if the kernel is full. */
    @Test
    void leaveTheLinksOfALinkedRequestToTheEngine() {
        PendingEcho first = new Failing();
        PendingEcho second = new Failing();
        EchoQueue queue = new EchoQueue();
        queue.addLast(first);
        queue.addLast(second);
        closed.addLinked(first);
        closed.addLinked(second);
        closed.setCollected();

        closed.deliver();

        assertThat(failures).hasValue(2);
        assertThat(outcomes).hasValue(2);
        assertThat(queue.poll()).isSameAs(first);
        assertThat(queue.poll()).isSameAs(second);
        assertThat(queue.poll()).isNull();
    }

    /** The threads that close give up, and another close finds what they left. */
    @Test
    void areLeftToTheNextCloseThatHasMemory() {
        noMemory = true;
        closed.add(new Failing());
        closed.setCollected();

        assertThat(closed.await(SHORT, () -> false)).isFalse();
        assertThat(failures.get()).isPositive();
        assertThat(outcomes).hasValue(0);

        noMemory = false;
        assertThat(closed.await(LONG, () -> false)).isTrue();
        assertThat(outcomes).hasValue(1);
    }

    @Test
    void endBehindManyListenersThatBlock() throws InterruptedException {
        int blocking = 200;
        for (int i = 0; i < blocking; i++) {
            closed.add(new Blocking());
        }
        closed.add(new Asked());
        closed.setCollected();
        AtomicBoolean over = new AtomicBoolean();
        Thread closing = new Thread(() -> over.set(closed.await(LONG, () -> false)));
        closing.start();
        try {
            awaitUntil("behind them", () -> outcomes.get() == 1);
            assertThat(over).isFalse();
        } finally {
            released.countDown();
            closing.join();
        }
        assertThat(over).isTrue();
        assertThat(outcomes).hasValue(blocking + 1);
        assertThat(helpers()).isEmpty();
    }

    private static void awaitUntil(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + LONG;
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime() - end).as(what).isNegative();
            Thread.sleep(1);
        }
    }

    private List<Thread> helpers() {
        List<Thread> helpers = new ArrayList<>();
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().equals(name + "-close")) {
                helpers.add(thread);
            }
        }
        return helpers;
    }

    /** One thread is held; the others would find nothing to do. */
    @Test
    void haveNoMoreThreadsThanListenersThatBlock() throws InterruptedException {
        closed.add(new Blocking());
        closed.setCollected();
        try {
            assertThat(closed.await(10 * SHORT, () -> false)).isFalse();
            awaitUntil("those that found nothing have ended", () -> helpers().size() <= 1);
            assertThat(helpers()).hasSize(1);
        } finally {
            released.countDown();
        }
        assertThat(closed.await(LONG, () -> false)).isTrue();
    }

    @Test
    void areAwaitedForALimitedTime() {
        closed.add(new Blocking());
        closed.setCollected();
        try {
            long begun = System.nanoTime();
            assertThat(closed.await(SHORT, () -> false)).isFalse();
            assertThat(System.nanoTime() - begun).isGreaterThanOrEqualTo(SHORT).isLessThan(LONG / 2);
        } finally {
            released.countDown();
        }
        assertThat(closed.await(LONG, () -> false)).isTrue();
    }

    @Test
    void areCollectedWhereTheEnginesThreadIsHeld() {
        assertThat(closed.await(SHORT, () -> false))
                .as("nobody can collect them")
                .isFalse();
        closed.add(new Asked());
        boolean over = closed.await(LONG, () -> {
            closed.setCollected();
            return true;
        });
        assertThat(over).isTrue();
        assertThat(outcomes).hasValue(1);
    }

    @Test
    void endAfterAnInterruptToo() {
        closed.add(new Asked());
        Thread.currentThread().interrupt();
        boolean over = closed.await(LONG, () -> {
            closed.setCollected();
            return true;
        });
        assertThat(over).isFalse();
        assertThat(Thread.interrupted()).isTrue();
        assertThat(closed.await(LONG, () -> false)).isTrue();
        assertThat(outcomes).hasValue(1);
    }

    /** Who is interrupted does not wait: another thread does, and has more deliver. */
    @ParameterizedTest(name = "the engine has begun: {0}")
    @ValueSource(booleans = {false, true})
    void endBehindListenersThatBlockAfterAnInterruptToo(boolean begun) throws InterruptedException {
        Thread engine = new Thread(closed::deliver);
        int requests = 3;
        if (begun) {
            closed.add(new Asked());
            requests++;
        }
        closed.add(new Blocking());
        closed.add(new Blocking());
        closed.add(new Asked());
        closed.setCollected();
        int behind = requests - 2;
        try {
            if (begun) {
                engine.start();
                awaitUntil("the engine's thread is blocked", () -> blocked.getCount() == 0);
            }
            Thread.currentThread().interrupt();
            assertThat(closed.await(LONG, () -> false)).isFalse();
            assertThat(Thread.interrupted()).isTrue();
            awaitUntil("behind them", () -> outcomes.get() == behind);
        } finally {
            released.countDown();
            engine.join();
        }
        assertThat(closed.await(LONG, () -> false)).isTrue();
        assertThat(outcomes).hasValue(requests);
        assertThat(helpers()).isEmpty();
    }

    /** A thread that can make no other, as the system refuses them where memory or a limit is used up. */
    private static final class Starved extends Thread {
        private final int failures;
        private int failed;

        Starved(Runnable task, int failures) {
            super(task);
            this.failures = failures;
        }

        @Override
        public ClassLoader getContextClassLoader() { // called when it constructs a thread
            if (Thread.currentThread().equals(this) && failed < failures) {
                failed++;
                throw new OutOfMemoryError("injected");
            }
            return super.getContextClassLoader();
        }
    }

    @Test
    @EnabledForJreRange(maxVersion = ASKS_ITS_PARENT, disabledReason = ASKS_NOTHING)
    void waitForAThreadWhereNoneCanBeStarted() throws InterruptedException {
        closed.add(new Blocking());
        closed.add(new Blocking());
        closed.add(new Asked());
        closed.setCollected();
        AtomicBoolean over = new AtomicBoolean();
        Starved closing = new Starved(() -> over.set(closed.await(LONG, () -> false)), 3);
        closing.start();
        try {
            awaitUntil("behind them", () -> outcomes.get() == 1);
        } finally {
            released.countDown();
            closing.join();
        }
        assertThat(closing.failed).isEqualTo(3);
        assertThat(over).isTrue();
        assertThat(outcomes).hasValue(3);
    }

    @ParameterizedTest(name = "interrupted: {0}")
    @EnabledForJreRange(maxVersion = ASKS_ITS_PARENT, disabledReason = ASKS_NOTHING)
    @ValueSource(booleans = {false, true})
    void areDeliveredByTheCallerIfNoThreadCanBeStarted(boolean interrupted) throws InterruptedException {
        closed.add(new Asked());
        closed.setCollected();
        Starved closing = new Starved(
                () -> {
                    if (interrupted) {
                        Thread.currentThread().interrupt();
                    }
                    closed.await(LONG, () -> false);
                },
                Integer.MAX_VALUE);
        closing.start();
        closing.join();
        assertThat(closing.failed).isPositive();
        assertThat(outcomes).hasValue(1);
        assertThat(helpers()).isEmpty();
    }

    @Test
    void knowWhoDeliversThem() {
        AtomicInteger known = new AtomicInteger();
        ClosedRequests leaving = closed.of(counters);
        leaving.add(new Asked() {
            @Override
            protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
                known.addAndGet(closed.isDelivering() ? 1 : 0);
                known.addAndGet(leaving.isDelivering() ? 1 : 0);
            }
        });
        leaving.setCollected();
        leaving.deliver();
        assertThat(known).hasValue(2);
        assertThat(closed.isDelivering()).isFalse();
        assertThat(leaving.isAll()).isFalse();
        assertThat(leaving.includes(new Asked())).isTrue();
        assertThat(closed.of(new FakeCounters()).includes(new Asked())).isFalse();
        assertThat(closed.isAll()).isTrue();
    }
}
