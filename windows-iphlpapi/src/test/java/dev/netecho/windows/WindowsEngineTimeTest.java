// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.spi.Stray;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Deadlines, and answers on both sides of them. */
@Timeout(60)
final class WindowsEngineTimeTest extends FakeEngineTest {
    private static final Duration TIMEOUT = Duration.ofMillis(40);

    @Test
    void aTimeOutKeepsTheMemoryUntilTheCompletion() {
        open();
        Asked asked = submit(Duration.ofMillis(30));
        Sent sent = sent();

        EchoOutcome.TimedOut outcome = (EchoOutcome.TimedOut) asked.await();
        assertThat(outcome.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(30));
        assertThat(outcome.localDropsSuspected()).isFalse();
        assertThat(windows.heap.isLive(sent.reply())).isTrue();

        windows.reply(sent, 31);
        Await.until("the memory is freed", () -> windows.heap.live() == 0);
        assertThat(requests.counters.of(Stray.LATE)).isEqualTo(OptionalLong.of(1));
    }

    /** SPEC.md, Verdicts: it is unmatched, and no counter of those exists here. */
    @ParameterizedTest(name = "from elsewhere {0}, altered {1}")
    @CsvSource({"true, false", "false, true", "true, true"})
    void aWrongAnswerToARequestThatIsOverCountsAsNothing(boolean foreign, boolean altered) {
        open();
        Asked asked = submit(Duration.ofMillis(30));
        Sent sent = sent();
        assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class);

        byte[] data = sent.data().clone();
        if (altered) {
            data[0] ^= 1;
        }
        windows.complete(sent, 0, foreign ? FakeWindows.address("198.18.253.1") : sent.destination(), 31, 57, data);
        Await.until("the memory is freed", () -> windows.heap.live() == 0);
        assertThat(requests.counters.of(Stray.LATE)).hasValue(0);
        assertThat(requests.counters.of(Stray.ALTERED)).hasValue(0);
        assertThat(requests.counters.of(Stray.WRONG_SOURCE)).hasValue(0);
        assertThat(requests.counters.of(Stray.UNMATCHED)).isEmpty();
    }

    @Test
    void theSystemsOwnTimeOutDoesNotEndARequestEarly() {
        open();
        Asked asked = submit(Duration.ofMillis(60));
        windows.status(sent(), 11010, "");
        EchoOutcome.TimedOut outcome = (EchoOutcome.TimedOut) asked.await();
        assertThat(outcome.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(60));
    }

    @Test
    void anAnswerThatWasThereInTimeIsAReplyHoweverLateItIsRead() throws InterruptedException {
        EchoOutcome.Reply reply = (EchoOutcome.Reply) readAfterItsDeadline(5).await();
        assertThat(reply.roundTripTime()).isBetween(Duration.ofMillis(5), Duration.ofMillis(6));
    }

    @Test
    void aSuccessAfterTheDeadlineIsATimeOut() throws InterruptedException {
        assertThat(readAfterItsDeadline(41).await()).isInstanceOf(EchoOutcome.TimedOut.class);
        Await.until("it is counted", () -> requests.counters.of(Stray.LATE).equals(OptionalLong.of(1)));
    }

    /** A listener blocks the thread while the answer comes and its deadline passes. */
    private Asked readAfterItsDeadline(int roundTripMillis) throws InterruptedException {
        open();
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Asked blocker = requests.ask(Requests.to("198.18.1.9", LONG));
        var ignored = blocker.outcome().thenRun(() -> {
            inListener.countDown();
            awaitLatch(goOn);
        });
        assertThat(ignored).isNotDone();
        engine.submit(blocker.pending());
        Asked asked = submit(TIMEOUT);
        List<Sent> sent = windows.awaitSent(2);
        windows.reply(sent.get(0), 0);
        inListener.await();
        windows.reply(sent.get(1), roundTripMillis);
        awaitDeadline();
        goOn.countDown();
        return asked;
    }

    /** No event tells that a moment has passed: only the clock, which the engine reads too. */
    private static void awaitDeadline() {
        long end = System.nanoTime() + TIMEOUT.toNanos();
        Await.until("the deadline is past", () -> System.nanoTime() - end > 0);
    }
}
