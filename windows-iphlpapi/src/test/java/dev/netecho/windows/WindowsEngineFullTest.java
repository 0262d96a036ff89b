// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The system has no room for a request (SPEC LOAD-3). */
@Timeout(60)
final class WindowsEngineFullTest {
    private static final int NO_MEMORY = 8;

    private final FakeRequester requester = new FakeRequester();
    private final FakeWindows windows = requester.windows;

    @AfterEach
    void nothingIsLeft() {
        windows.error = FakeWindows.PENDING;
        requester.close();
    }

    private Asked refused(String host) {
        return refused(host, NO_MEMORY);
    }

    private Asked refused(String host, int error) {
        windows.error = error;
        int before = windows.calls.get();
        Asked asked = requester.submit(Requests.to(host, FakeRequester.LONG));
        Await.until("it was tried again", () -> windows.calls.get() - before >= 3);
        assertThat(asked.isDone()).isFalse();
        return asked;
    }

    @Test
    void aLackOfRoomIsWaitedOutInOrder() {
        Asked first = refused("198.18.1.1");
        Asked second = requester.submit(Requests.to("198.18.1.2", FakeRequester.LONG));
        windows.error = FakeWindows.PENDING;
        List<Sent> sent = windows.awaitSent(2);
        assertThat(sent.get(0).destination()).containsExactly(198, 18, 1, 1);
        sent.forEach(each -> windows.reply(each, 0));
        assertThat(first.await()).isInstanceOf(EchoOutcome.Reply.class);
        assertThat(second.await()).isInstanceOf(EchoOutcome.Reply.class);
        assertThat(requester.requests.sent.get()).isEqualTo(2);
    }

    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {NO_MEMORY, 1450, 1453, 1816, 11_006})
    void whatWasRefusedForLackOfRoomIsSentOnceThereIsSome(int error) {
        Asked asked = refused(FakeRequester.HOST, error);
        windows.error = FakeWindows.PENDING;
        windows.reply(requester.sent(), 0);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
        assertThat(requester.requests.sent.get()).isEqualTo(1);
    }

    @ParameterizedTest(name = "error {0}")
    @CsvSource({
        "8,error 8: text of 8",
        "1450,error 1450: text of 1450",
        "1453,error 1453: text of 1453",
        "1816,error 1816: text of 1816",
        "11006,11006 (IP_NO_RESOURCES)"
    })
    void aLackThatLastsLongerThanTheTimeoutIsOverload(int error, String text) {
        windows.error = error;
        long begin = System.nanoTime();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            all.add(requester.submit(Duration.ofMillis(300)));
        }
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) all.get(0).await();
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(outcome.reason()).isEqualTo(NotSentReason.OVERLOADED);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(error));
        assertThat(outcome.detail()).contains(text);
        all.forEach(asked ->
                assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.OVERLOADED));
        assertThat(Duration.ofNanos(System.nanoTime() - begin))
                .as("they do not wait one after the other")
                .isLessThan(Duration.ofSeconds(5));
        assertThat(windows.calls.get()).as("it does not spin").isLessThan(100);
    }

    @Test
    void closeEndsTheOneThatWaits() {
        Asked asked = refused(FakeRequester.HOST);
        requester.engine.close();
        assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.CLOSED);
    }

    @Test
    void oneThatIsCancelledLetsTheNextGo() {
        Asked first = refused("198.18.1.1");
        first.pending().complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "by the test"));
        requester.engine.cancelled(first.pending());
        Asked second = requester.submit(Requests.to("198.18.1.2", FakeRequester.LONG));
        windows.error = FakeWindows.PENDING;
        // The worker may have been about to try the first once more when it was cancelled: then the system has both.
        windows.reply(windows.awaitSentTo("198.18.1.2"), 0);
        assertThat(((EchoOutcome.Reply) second.await()).responder()).isEqualTo(Requests.address("198.18.1.2"));
    }

    @Test
    void aNewLackIsCountedFromItsOwnBegin() {
        windows.error = NO_MEMORY;
        requester.submit(Duration.ofMillis(50)).await();
        Asked asked = refused(FakeRequester.HOST);
        windows.error = FakeWindows.PENDING;
        windows.reply(requester.sent(), 0);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
    }
}
