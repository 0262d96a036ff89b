// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.windows.Requests.Asked;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What throws where nothing should: each request has its outcome nevertheless, nothing leaks, and the next one works.
 */
@Timeout(60)
final class WindowsEngineFaultTest {
    private final FakeRequester requester = new FakeRequester();
    private final FakeWindows windows = requester.windows;

    @AfterEach
    void theNextRequestWorksAndNothingIsLeft() {
        Asked next = requester.submit(FakeRequester.LONG);
        windows.reply(requester.sent(), 0);
        assertThat(next.await()).isInstanceOf(EchoOutcome.Reply.class);
        requester.close();
    }

    private static void isNotSent(Asked asked, NotSentReason reason, String text) {
        EchoOutcome outcome = asked.await();
        assertThat(outcome).isInstanceOf(EchoOutcome.NotSent.class);
        assertThat(((EchoOutcome.NotSent) outcome).reason()).isEqualTo(reason);
        assertThat(((EchoOutcome.NotSent) outcome).detail()).contains(text);
    }

    @Test
    void aDefectBeforeTheCallEndsTheRequest() {
        windows.heap.refuses = true;
        Asked asked = requester.submit(FakeRequester.LONG);
        isNotSent(asked, NotSentReason.OS_ERROR, "unexpected failure in the engine: ");
        windows.heap.refuses = false;
    }

    @Test
    void aDefectAfterARefusedCallEndsTheRequest() {
        windows.textsFail = true;
        windows.error = 5;
        Asked asked = requester.submit(FakeRequester.LONG);
        isNotSent(asked, NotSentReason.OS_ERROR, "no text");
        windows.error = FakeWindows.PENDING;
    }

    @Test
    void aReplyThatCannotBeReadEndsTheRequest() {
        Asked asked = requester.submit(FakeRequester.LONG);
        windows.parsingFails = true;
        windows.reply(requester.sent(), 0);
        isNotSent(
                asked,
                NotSentReason.OS_ERROR,
                "unexpected failure in the engine: java.lang.Error: Invalid memory access");
        windows.parsingFails = false;
        Await.until("its memory is freed", () -> windows.heap.live() == 0);
    }

    @Test
    void theThreadLivesWhenEvenItsPauseFails() {
        windows.waitsFail = true;
        Asked asked = requester.submit(FakeRequester.LONG);
        int before = windows.waits.get();
        Await.until("it tried some times", () -> windows.waits.get() - before > 10);
        windows.waitsFail = false;
        windows.reply(requester.sent(), 0);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
    }

    @Test
    void aCompletionInsideTheCallIsSettledAtOnce() {
        windows.answersInsideCalls = true;
        assertThat(requester.submit(FakeRequester.LONG).await()).isInstanceOf(EchoOutcome.Reply.class);
        windows.answersInsideCalls = false;
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {FakeRequester.HOST, FakeRequester.HOST_V6})
    void whenJavasMemoryRunsOutTheNativeBlockIsFreed(String host) {
        windows.heap.outOfJavaMemory = true;
        isNotSent(requester.submit(Requests.to(host, FakeRequester.LONG)), NotSentReason.OVERLOADED, "memory");
        windows.heap.outOfJavaMemory = false;
        assertThat(windows.heap.live()).isZero();

        windows.heap.readOnly = true;
        isNotSent(
                requester.submit(Requests.to(host, FakeRequester.LONG)),
                NotSentReason.OS_ERROR,
                "ReadOnlyBufferException");
        windows.heap.readOnly = false;
        assertThat(windows.heap.live()).isZero();
    }
}
