// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

class TallyTest {
    private static final int THREADS = 4;
    private static final int EACH = 200_000;

    private final Tally tally = new Tally();

    @Test
    void countsFromZero() {
        assertThat(tally.sum()).isZero();
        tally.increment();
        tally.increment();
        assertThat(tally.sum()).isEqualTo(2);
    }

    @Test
    void losesNoCountOfAnyThread() throws InterruptedException {
        CountDownLatch together = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            Thread thread = new Thread(() -> {
                try {
                    together.await();
                } catch (InterruptedException e) {
                    return;
                }
                for (int k = 0; k < EACH; k++) {
                    tally.increment();
                }
            });
            threads.add(thread);
            thread.start();
        }
        together.countDown();
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(tally.sum()).isEqualTo((long) THREADS * EACH);
    }

    @Test
    void neverGoesBackWhileOneCountsAndAnotherReads() throws InterruptedException {
        Thread counting = new Thread(() -> {
            for (int k = 0; k < EACH; k++) {
                tally.increment();
            }
        });
        counting.start();
        long seen = 0;
        while (seen < EACH) {
            long now = tally.sum();
            assertThat(now).isBetween(seen, (long) EACH);
            seen = now;
        }
        counting.join();
    }
}
