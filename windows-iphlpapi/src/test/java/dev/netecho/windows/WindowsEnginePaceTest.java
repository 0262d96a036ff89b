// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.spi.PendingEcho;
import dev.netecho.windows.Requests.Asked;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The engine with {@code maxRate}, against a system that does what the test says. */
@Timeout(60)
final class WindowsEnginePaceTest {
    private static FakeRequester withRate(int aSecond, Duration drain) {
        return new FakeRequester(aSecond, Map.of(WindowsOptions.DRAIN_TIMEOUT, drain));
    }

    @Test
    void theRateIsKept() {
        try (FakeRequester requester = withRate(100, Duration.ofSeconds(10))) {
            long begin = System.nanoTime();
            for (int i = 0; i < 21; i++) {
                requester.submit(FakeRequester.LONG);
            }
            requester.windows.awaitSent(21);
            assertThat(Duration.ofNanos(System.nanoTime() - begin))
                    .as("20 distances of 10 ms")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(200));
        }
    }

    @Test
    void closedWithARequestThatWaitsForItsTurnTheThreadSleeps() throws InterruptedException {
        try (FakeRequester requester = withRate(20, Duration.ofMillis(120))) {
            List<Asked> all = new ArrayList<>();
            for (int i = 0; i < 3; i++) {
                all.add(requester.submit(FakeRequester.LONG));
            }
            requester.windows.awaitSent(2);
            requester.engine
                    // Its bound is longer than the distance of two requests: the third's turn has passed.
                    .close();
            for (Asked asked : all) {
                assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.CLOSED);
            }
            int before = requester.windows.waits.get();
            Thread.sleep(300); // the time over which is counted
            assertThat(requester.windows.waits.get() - before)
                    .as("waits within 300 ms, with nothing to do")
                    .isLessThan(10);
        }
    }

    @Test
    void aRequestCancelledInTheQueueIsForgotten() {
        try (FakeRequester requester = withRate(1, Duration.ofSeconds(10))) {
            requester.submit(FakeRequester.LONG);
            requester.submit(FakeRequester.LONG);
            requester.windows.awaitSent(1);
            List<WeakReference<PendingEcho>> cancelled = new ArrayList<>();
            for (int i = 0; i < 256; i++) {
                cancelled.add(cancelled(requester));
            }
            Await.until("they are forgotten", () -> {
                System.gc();
                return cancelled.stream().allMatch(each -> each.get() == null);
            });
            assertThat(requester.windows.held()).isLessThan(30);
        }
    }

    private static WeakReference<PendingEcho> cancelled(FakeRequester requester) {
        PendingEcho pending = requester.submit(FakeRequester.LONG).pending();
        pending.complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "by the test"));
        requester.engine.cancelled(pending);
        return new WeakReference<>(pending);
    }
}
