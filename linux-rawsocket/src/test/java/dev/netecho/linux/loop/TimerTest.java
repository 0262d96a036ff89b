// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.Await;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.socket.SystemCallException;
import java.util.concurrent.Callable;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The one timer of a loop, whose task asks for its next run by itself. */
@Timeout(60)
final class TimerTest {
    /** More rounds than a loop needs to run what it should not. */
    private static final int ROUNDS = 20;

    private final AtomicInteger runs = new AtomicInteger();
    private EventLoop loop;

    @BeforeAll
    static void loadLibC() {
        LibC.load();
    }

    @AfterEach
    void endLoop() throws Exception {
        on(() -> {
            loop.shutdown();
            return null;
        });
        assertThat(loop.awaitEnd(10_000)).isTrue();
    }

    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void runsAgainAtOnceForAsLongAsItIsAskedTo(boolean lent) throws Exception {
        open(lent, () -> {
            if (runs.incrementAndGet() % 100 != 0) {
                loop.wakeAt(System.nanoTime());
            }
        });
        for (int hundreds = 1; hundreds <= 3; hundreds++) {
            wakeAt(System.nanoTime());
            int expected = 100 * hundreds;
            Await.until("a hundred runs", () -> runs.get() >= expected);
            goRound();
            assertThat(runs).hasValue(expected);
        }
    }

    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void comesBackLaterAfterItRanAtOnce(boolean lent) throws Exception {
        open(lent, () -> {
            if (runs.incrementAndGet() == 1) {
                loop.wakeAt(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(20));
            }
        });
        long start = System.nanoTime();
        wakeAt(start);
        Await.until("the later run", () -> runs.get() >= 2);
        assertThat(System.nanoTime() - start).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(20));
        goRound();
        assertThat(runs).hasValue(2);
    }

    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void runsAgainAfterARunThatFailed(boolean lent) throws Exception {
        open(lent, () -> {
            if (runs.incrementAndGet() == 1) {
                loop.wakeAt(System.nanoTime());
                throw new IllegalStateException("a defect of the timer's task, as this test wants it");
            }
        });
        wakeAt(System.nanoTime());
        Await.until("the run that failed", () -> runs.get() >= 1);
        goRound();
        wakeAt(System.nanoTime());
        Await.until("another run", () -> runs.get() >= 2);
    }

    /** SPEC TIM-2: a wait of whole milliseconds, rounded up, is always half of one too long here. */
    @ParameterizedTest(name = "lent={0}")
    @ValueSource(booleans = {true, false})
    void wakesWithinAMillisecond(boolean lent) throws Exception {
        AtomicLong due = new AtomicLong();
        AtomicLong least = new AtomicLong(Long.MAX_VALUE);
        open(lent, () -> {
            least.accumulateAndGet(System.nanoTime() - due.get(), Math::min);
            runs.incrementAndGet();
        });
        for (int i = 1; i <= 50 && least.get() > 300_000; i++) {
            on(() -> {
                due.set(System.nanoTime() + 2_400_000);
                loop.wakeAt(due.get());
                return null;
            });
            int expected = i;
            Await.until("the timer's run", () -> runs.get() >= expected);
        }
        assertThat(least.get()).as("nanoseconds too late, at best").isBetween(0L, 300_000L);
    }

    private void open(boolean lent, Runnable onTimer) throws SystemCallException {
        loop = (lent ? LentLoop.SOURCE : EventLoops.OWN).open("timer-test", onTimer, e -> {});
    }

    private void wakeAt(long nanoTime) throws Exception {
        on(() -> {
            loop.wakeAt(nanoTime);
            return null;
        });
    }

    private void goRound() throws Exception {
        for (int i = 0; i < ROUNDS; i++) {
            on(() -> null);
        }
    }

    private <T> T on(Callable<T> call) throws Exception {
        FutureTask<T> future = new FutureTask<>(call);
        loop.execute(future);
        return future.get(30, TimeUnit.SECONDS);
    }
}
