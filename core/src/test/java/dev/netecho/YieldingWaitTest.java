// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

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
        Runnable wait = () -> YieldingWait.untilOver(() -> asked.incrementAndGet() < 0);

        Thread thread = (Thread)
                Thread.class.getMethod("startVirtualThread", Runnable.class).invoke(null, wait);
        thread.join();

        assertThat(asked).hasValue(0);
    }
}
