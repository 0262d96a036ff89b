// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class YieldingWaitTest {
    private final AtomicInteger asked = new AtomicInteger();

    @Test
    void endsThoughTheWaitIsNeverOver() {
        YieldingWait.untilOver(() -> asked.incrementAndGet() < 0);

        assertThat(asked).hasValueBetween(1, YieldingWait.MAX_YIELDS);
    }

    @Test
    void yieldsAgainWhileATurnTakesLong() {
        YieldingWait.untilOver(() -> {
            long end = System.nanoTime() + 50_000;
            while (System.nanoTime() - end < 0) {
                Thread.onSpinWait();
            }
            return asked.incrementAndGet() < 0;
        });

        assertThat(asked).hasValue(YieldingWait.MAX_YIELDS);
    }

    @Test
    void sleepsIfNoOtherThreadWantsTheProcessor() {
        for (int i = 0; i < 2_000 && asked.get() != 1; i++) {
            // Others may want it at any moment, but not for ever.
            asked.set(0);
            YieldingWait.untilOver(() -> asked.incrementAndGet() < 0);
        }

        assertThat(asked).hasValue(1);
    }

    @Test
    void asksOnceWhenTheWaitIsOver() {
        YieldingWait.untilOver(() -> asked.incrementAndGet() > 0);

        assertThat(asked).hasValue(1);
    }

    @Test
    void leavesTheInterruptionToTheWaitThatFollows() {
        Thread.currentThread().interrupt();

        YieldingWait.untilOver(() -> asked.incrementAndGet() < 0);

        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void aVirtualThreadDoesNotYield() throws Exception {
        assumeTrue(Runtime.version().feature() >= 21, "virtual threads came with Java 21");
        AtomicBoolean returned = new AtomicBoolean();
        Runnable wait = () -> {
            YieldingWait.untilOver(() -> asked.incrementAndGet() < 0);
            returned.set(true);
        };

        Thread thread = (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, wait);
        thread.join();

        assertThat(returned).as("it returned, and did not throw").isTrue();
        assertThat(asked).hasValue(0);
    }
}
