// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import java.net.InetAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class PendingEchoTest {
    private static final EchoRequest REQUEST = EchoRequest.to(InetAddress.getLoopbackAddress());
    private static final EchoOutcome FIRST = EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "first");
    private static final EchoOutcome.NotSent CANCELLED =
            EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "cancelled");
    private static final EchoOutcome SECOND = EchoOutcome.NotSent.because(NotSentReason.CLOSED, "second");

    private final List<String> calls = new ArrayList<>();
    private final Told pending = new Told();

    @Test
    void isQueuedAtFirst() {
        assertThat(pending.isDone()).isFalse();
        assertThat(pending.request()).isSameAs(REQUEST);
        assertThat(pending.handle()).isEqualTo(-1);
        assertThat(pending.next()).isNull();
        assertThat(calls).isEmpty();
    }

    @Test
    void queuedThenSentThenDone() {
        assertThat(pending.markSent()).isTrue();
        assertThat(pending.isDone()).isFalse();
        assertThat(pending.complete(FIRST)).isTrue();
        assertThat(pending.isDone()).isTrue();
        assertThat(calls).containsExactly("sent", "completed " + FIRST + " wasSent=true");
    }

    @Test
    void queuedThenDoneWasNeverSent() {
        assertThat(pending.complete(FIRST)).isTrue();
        assertThat(pending.markSent()).isFalse();
        assertThat(calls).containsExactly("completed " + FIRST + " wasSent=false");
    }

    @Test
    void isSentOnceEvenIfADefectiveEngineSaysItTwice() {
        assertThat(pending.markSent()).isTrue();
        assertThat(pending.markSent()).isFalse();
        assertThat(calls).containsExactly("sent");
    }

    @Test
    void hasOneOutcomeTheFirst() {
        assertThat(pending.markSent()).isTrue();
        assertThat(pending.complete(FIRST)).isTrue();
        assertThat(pending.complete(SECOND)).isFalse();
        assertThat(pending.markSent()).isFalse();
        assertThat(pending.isDone()).isTrue();
        assertThat(calls).containsExactly("sent", "completed " + FIRST + " wasSent=true");
    }

    @Test
    void isDoneBeforeItsOutcomeIsTold() {
        List<Boolean> seen = new ArrayList<>();
        PendingEcho echo = new Told() {
            @Override
            protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
                seen.add(isDone());
                seen.add(complete(SECOND));
            }
        };

        echo.complete(FIRST);

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
        PendingEcho other = new Told();

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
            PendingEcho echo = new Told();
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

    @Test
    void whoCancelsItLearnsWhetherItWasOutstanding() {
        assertThat(pending.cancel(CANCELLED)).isTrue();
        assertThat(pending.isDone()).isTrue();
        assertThat(pending.cancel(CANCELLED)).isFalse();
        assertThat(pending.markSent()).isFalse();
        assertThat(pending.complete(SECOND)).isFalse();
        assertThat(calls).containsExactly("cancelled " + CANCELLED + " wasSent=false");

        pending.letGo();
        pending.letGo();
        assertThat(calls).containsExactly("cancelled " + CANCELLED + " wasSent=false", "let go");
    }

    @Test
    void onlyACancelledOneIsLetGo() {
        pending.letGo();
        assertThat(pending.markSent()).isTrue();
        pending.letGo();
        assertThat(pending.complete(FIRST)).isTrue();
        pending.letGo();
        assertThat(calls).containsExactly("sent", "completed " + FIRST + " wasSent=true");
    }

    @Test
    void isAsItWasIfItsOutcomeNeedsMoreThanThereIs() {
        AtomicBoolean isShort = new AtomicBoolean(true);
        Told echo = new Told() {
            @Override
            protected void onEnding() {
                if (isShort.get()) {
                    throw new OutOfMemoryError("by the test");
                }
            }
        };
        assertThatThrownBy(() -> echo.complete(FIRST)).isInstanceOf(OutOfMemoryError.class);
        assertThatThrownBy(() -> echo.cancel(CANCELLED)).isInstanceOf(OutOfMemoryError.class);
        assertThat(echo.isDone()).isFalse();
        assertThat(calls).isEmpty();

        isShort.set(false);
        assertThat(echo.complete(FIRST)).isTrue();
    }

    /** Writes down what it is told. */
    private class Told extends PendingEcho {
        Told() {
            super(REQUEST);
        }

        @Override
        public EchoCounters counters() {
            return new FakeCounters();
        }

        @Override
        protected void onSent() {
            calls.add("sent");
        }

        @Override
        protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
            calls.add("completed " + outcome + " wasSent=" + wasSent);
        }

        @Override
        protected void onCancelled(EchoOutcome.NotSent outcome, boolean wasSent) {
            calls.add("cancelled " + outcome + " wasSent=" + wasSent);
        }

        @Override
        protected void onLetGo() {
            calls.add("let go");
        }
    }
}
