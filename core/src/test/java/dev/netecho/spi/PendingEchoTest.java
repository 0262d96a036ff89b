// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class PendingEchoTest {
    private static final EchoRequest REQUEST = EchoRequest.to(InetAddress.getLoopbackAddress());
    private static final EchoOutcome FIRST = EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "first");
    private static final EchoOutcome SECOND = EchoOutcome.NotSent.because(NotSentReason.CLOSED, "second");

    private final Calls calls = new Calls();
    private final PendingEcho pending = new PendingEcho(REQUEST, (request, outcome) -> {}, calls);

    @Test
    void isQueuedAtFirst() {
        assertThat(pending.isDone()).isFalse();
        assertThat(pending.request()).isSameAs(REQUEST);
        assertThat(pending.completion()).isSameAs(calls);
        assertThat(pending.handle()).isEqualTo(-1);
        assertThat(pending.next()).isNull();
        assertThat(calls.log).isEmpty();
    }

    @Test
    void queuedThenSentThenDone() {
        assertThat(pending.markSent()).isTrue();
        assertThat(pending.isDone()).isFalse();
        assertThat(pending.complete(FIRST)).isTrue();
        assertThat(pending.isDone()).isTrue();
        assertThat(calls.log).containsExactly("sent", "completed " + FIRST + " wasSent=true");
    }

    @Test
    void queuedThenDoneWasNeverSent() {
        assertThat(pending.complete(FIRST)).isTrue();
        assertThat(pending.markSent()).isFalse();
        assertThat(calls.log).containsExactly("completed " + FIRST + " wasSent=false");
    }

    @Test
    void isSentOnceEvenIfADefectiveEngineSaysItTwice() {
        assertThat(pending.markSent()).isTrue();
        assertThat(pending.markSent()).isFalse();
        assertThat(calls.log).containsExactly("sent");
    }

    @Test
    void hasOneOutcomeTheFirst() {
        assertThat(pending.markSent()).isTrue();
        assertThat(pending.complete(FIRST)).isTrue();
        assertThat(pending.complete(SECOND)).isFalse();
        assertThat(pending.markSent()).isFalse();
        assertThat(pending.isDone()).isTrue();
        assertThat(calls.log).containsExactly("sent", "completed " + FIRST + " wasSent=true");
    }

    @Test
    void isDoneBeforeItsOutcomeIsTold() {
        List<Boolean> seen = new ArrayList<>();
        PendingEcho[] self = new PendingEcho[1];
        self[0] = new PendingEcho(REQUEST, (request, outcome) -> {}, new EchoCompletion() {
            @Override
            public void sent(PendingEcho sent) {}

            @Override
            public void completed(PendingEcho completed, EchoOutcome outcome, boolean wasSent) {
                seen.add(completed.isDone());
                seen.add(completed.complete(SECOND));
            }
        });

        self[0].complete(FIRST);

        assertThat(seen).containsExactly(true, false);
    }

    @Test
    void refusesANullOutcomeAndStaysAsItWas() {
        assertThatNullPointerException()
                .isThrownBy(() -> pending.complete(null))
                .withMessage("outcome");
        assertThat(pending.isDone()).isFalse();
    }

    @Test
    void carriesTheEnginesLinkAndHandle() {
        PendingEcho other = new PendingEcho(REQUEST, (request, outcome) -> {}, calls);

        pending.next(other);
        pending.handle(42);

        assertThat(pending.next()).isSameAs(other);
        assertThat(pending.handle()).isEqualTo(42);
        pending.next(null);
        assertThat(pending.next()).isNull();
    }

    @Test
    void keepsItsHandleAndItsStateApart() {
        for (int handle : new int[] {0, 1, PendingEcho.MAX_HANDLE}) {
            PendingEcho echo = new PendingEcho(REQUEST, (request, outcome) -> {}, new Calls());
            echo.handle(handle);
            assertThat(echo.isDone()).isFalse();
            assertThat(echo.markSent()).isTrue();
            assertThat(echo.handle()).isEqualTo(handle);
            echo.handle(-1);
            assertThat(echo.handle()).isEqualTo(-1);
            assertThat(echo.markSent()).as("it is sent still").isFalse();
            assertThat(echo.complete(FIRST)).isTrue();
            echo.handle(handle);
            assertThat(echo.isDone()).isTrue();
            assertThat(echo.complete(SECOND)).isFalse();
            assertThat(echo.handle()).isEqualTo(handle);
        }
    }

    @Test
    void refusesAHandleThatHasNoRoom() {
        for (int handle : new int[] {-2, PendingEcho.MAX_HANDLE + 1, Integer.MIN_VALUE}) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> pending.handle(handle))
                    .withMessageContaining(Integer.toString(handle));
        }
        assertThat(pending.handle()).isEqualTo(-1);
    }

    private static final class Calls implements EchoCompletion {
        final List<String> log = new ArrayList<>();

        @Override
        public void sent(PendingEcho pending) {
            log.add("sent");
        }

        @Override
        public void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
            log.add("completed " + outcome + " wasSent=" + wasSent);
        }
    }
}
