// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.spi.Stray;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Who owns memory when: cancelling, closing, and everything at once. */
@Timeout(60)
final class WindowsEngineEndTest extends FakeEngineTest {
    @Test
    void aCancelledRequestKeepsItsMemoryUntilTheCompletion() {
        open();
        Asked asked = submit(LONG);
        Sent sent = sent();
        Await.until("it counts as sent", () -> requests.sent.get() == 1);
        asked.pending().complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "cancelled"));
        engine.cancelled(asked.pending());
        Asked other = submit(Requests.to("198.18.1.2", LONG));
        windows.reply(windows.awaitSent(2).get(1), 0);
        other.await();

        assertThat(windows.heap.isLive(sent.reply())).isTrue();
        windows.reply(sent, 0);
        Await.until("the memory is freed", () -> windows.heap.live() == 0);
        assertThat(requests.counters.of(Stray.LATE)).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void closeEndsCallersAtOnceAndWaitsForTheSystem() throws InterruptedException {
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(submit(LONG));
        }
        List<Sent> sent = windows.awaitSent(300);
        Thread closer = new Thread(engine::close);
        closer.start();
        for (Asked asked : all) {
            assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.CLOSED);
        }
        assertThat(windows.heap.live()).as("the system still owns it").isEqualTo(300);
        assertThat(closer.isAlive()).isTrue();
        assertThat(((EchoOutcome.NotSent) submit(LONG).await()).reason()).isEqualTo(NotSentReason.CLOSED);

        sent.forEach(each -> windows.status(each, 11010, ""));
        closer.join();
        assertThat(windows.heap.live()).isZero();
        assertThat(engine.isReleased()).isTrue();
    }

    @Test
    void beyondItsBoundCloseReturnsAndTheThreadKeepsTheMemory() {
        options.put(WindowsOptions.DRAIN_TIMEOUT, Duration.ofMillis(50));
        open();
        submit(LONG);
        Sent sent = sent();
        engine.close();

        assertThat(engine.isReleased()).isFalse();
        assertThat(windows.heap.isLive(sent.reply())).isTrue();
        windows.status(sent, 11010, "");
        Await.until("the thread ends on its own", engine::isReleased);
    }

    @Test
    void closeFromAListenerDoesNotWaitForItself() throws InterruptedException {
        open();
        CountDownLatch closed = new CountDownLatch(1);
        Asked asked = requests.ask(Requests.to(HOST, LONG));
        var ignored = asked.outcome().thenRun(() -> {
            assertThat(engine.inEngineThread()).isTrue();
            engine.close();
            closed.countDown();
        });
        assertThat(ignored).isNotDone();
        engine.submit(asked.pending());
        windows.reply(sent(), 0);
        closed.await();
        Await.until("the thread ends", engine::isReleased);
        assertThat(engine.inEngineThread()).isFalse();
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void memoryIsFreedExactlyOnceWhateverHappens(long seed) {
        Random random = new Random(seed);
        options.put(WindowsOptions.MAX_PENDING_CALLS, 64);
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Duration timeout = random.nextInt(3) == 0 ? Duration.ofMillis(1 + random.nextInt(4)) : LONG;
            all.add(submit(EchoRequest.newBuilder(Requests.address(random.nextBoolean() ? HOST : HOST_V6))
                    .payload(EchoPayload.ofSize(random.nextInt(2_000)))
                    .timeout(timeout)
                    .build()));
            if (random.nextInt(3) == 0) {
                Asked victim = all.get(random.nextInt(all.size()));
                if (victim.pending().complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "by the test"))) {
                    engine.cancelled(victim.pending());
                }
            }
            for (Sent each : windows.awaitSent(0)) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> windows.reply(each, random.nextInt(3));
                    case 2 -> windows.status(each, 11010, each.six() ? "::" : "");
                    case 3 -> windows.untouched(each, random.nextBoolean() ? 0 : 0xC0000017);
                    default -> {}
                }
            }
        }
        // Closing ends at once what the worker has not begun to send: there would be nothing to free.
        Await.until("the worker has sent something", () -> windows.heap.allocations() > 0);
        Thread closer = new Thread(engine::close);
        closer.start();
        all.forEach(Asked::await);
        nothingIsLeft();
    }
}
