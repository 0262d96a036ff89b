// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.cases.Covers;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The end, and who owns memory until then, with the system itself writing into it. */
@LabTest
final class WindowsCloseTest {
    @Test
    void closeEndsEverybodyAtOnceAndWaitsForTheSystem() {
        WindowsRequester requester = WindowsRequester.open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) { // 180 are with the system, the others in our queue
            all.add(requester.submit(EchoRequest.newBuilder(LabPlan.MANY_SILENT.ipv4(i))
                    .timeout(Duration.ofHours(1))
                    .build()));
        }
        Await.until("the system has what it may have", () -> requester.requests.sent.get() == 180);
        Thread closer = new Thread(requester::close);
        long before = System.nanoTime();
        closer.start();
        all.forEach(asked ->
                assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.CLOSED));
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(1));
        requester.close(); // waits too, and finds everything released
        join(closer);
    }

    @Covers(rules = "END-2", cases = "C129", backends = "windows-iphlpapi")
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5})
    void memoryOutlivesItsCallersUnderGarbageCollection(long seed) {
        Random random = new Random(seed);
        AtomicBoolean stop = new AtomicBoolean();
        Thread collector = new Thread(() -> {
            while (!stop.get()) {
                System.gc();
                LockSupport.parkNanos(20_000_000); // and between two collections the others work
            }
        });
        collector.start();
        try (WindowsRequester requester = WindowsRequester.open()) {
            List<Asked> all = new ArrayList<>();
            for (int i = 0; i < 300; i++) {
                LabPlan row = switch (random.nextInt(4)) {
                    case 0 -> LabPlan.MANY_SILENT;
                    case 1 -> LabPlan.MANY_AT_20_MS;
                    case 2 -> LabPlan.MANY_AT_50_MS;
                    default -> LabPlan.MANY_AT_ONCE;
                };
                Asked asked = requester.submit(EchoRequest.newBuilder(row.ipv4(i))
                        .timeout(Duration.ofMillis(1 + random.nextInt(60)))
                        .build());
                all.add(asked);
                if (random.nextInt(3) == 0) {
                    asked.pending().complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "by the test"));
                    requester.engine.cancelled(asked.pending());
                }
                if (random.nextInt(100) == 0) {
                    all.get(random.nextInt(all.size())).await();
                }
            }
            all.subList(0, 100).forEach(Asked::await);
            // Closed with the rest outstanding; close() checks the heap.
        } finally {
            stop.set(true);
            join(collector);
        }
    }

    private static void join(Thread thread) {
        try {
            thread.join();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }
}
