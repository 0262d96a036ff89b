// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.Stray;
import java.net.InetAddress;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class RequesterCountersTest {
    private static final InetAddress HOST = InetAddress.getLoopbackAddress();
    private static final OptionalInt NONE = OptionalInt.empty();
    private static final EchoOutcome REPLY = new EchoOutcome.Reply(
            HOST, Duration.ofNanos(1), Duration.ZERO, TimestampSource.KERNEL, NONE, EchoPayload.DEFAULT, true);
    private static final EchoOutcome ERROR = error(IcmpErrorKind.HOST_UNREACHABLE);
    private static final EchoOutcome TIMED_OUT = new EchoOutcome.TimedOut(Duration.ofSeconds(1), false);
    private static final EchoOutcome NOT_SENT = EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "");

    private final RequesterCounters counters = new RequesterCounters("a");

    @Test
    void areZeroAtFirstAndAbsentIfUnobserved() {
        assertThat(counters.snapshot(0)).isEqualTo(EchoStatistics.newBuilder().build());
    }

    @Test
    void putEveryOutcomeInItsPlace() {
        sent(2 + 3 + 5 + 7 + 11);
        complete(REPLY, 2, true);
        complete(ERROR, 2, true);
        complete(error(IcmpErrorKind.HOP_LIMIT_EXCEEDED), 1, true);
        complete(TIMED_OUT, 5, true);
        complete(NOT_SENT, 7, true);
        complete(NOT_SENT, 13, false);
        complete(EchoOutcome.NotSent.because(NotSentReason.NO_ROUTE, ""), 19, false);

        EchoStatistics statistics = counters.snapshot(11 + 17);

        assertThat(statistics.sent()).isEqualTo(28);
        assertThat(statistics.replies()).isEqualTo(2);
        assertThat(statistics.icmpErrors()).isEqualTo(3);
        for (IcmpErrorKind kind : IcmpErrorKind.values()) {
            long expected = switch (kind) {
                case HOST_UNREACHABLE -> 2;
                case HOP_LIMIT_EXCEEDED -> 1;
                default -> 0;
            };
            assertThat(statistics.icmpErrors(kind)).as("%s", kind).isEqualTo(expected);
        }
        assertThat(statistics.timedOut()).isEqualTo(5);
        assertThat(statistics.notSent()).isEqualTo(39);
        for (NotSentReason reason : NotSentReason.values()) {
            long expected = switch (reason) {
                case CANCELLED -> 20;
                case NO_ROUTE -> 19;
                default -> 0;
            };
            assertThat(statistics.notSent(reason)).as("%s", reason).isEqualTo(expected);
        }
        assertThat(statistics.abandoned()).isEqualTo(7);
        assertThat(statistics.inFlight()).isEqualTo(11);
        assertThat(statistics.queued()).isEqualTo(17);
    }

    @Test
    void neverShowNegativeCounts() {
        complete(REPLY, 1, true);

        assertThat(counters.snapshot(0).inFlight()).isZero();
        sent(5);
        assertThat(counters.snapshot(1).queued()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void countAStrayThatIsObservedAndNoOther(Stray stray) {
        counters.observe(stray);
        assertThat(of(stray).apply(counters.snapshot(0)))
                .as("observed and none seen")
                .hasValue(0);

        counters.count(stray);
        counters.count(stray, 41);

        EchoStatistics statistics = counters.snapshot(0);
        for (Stray other : Stray.values()) {
            OptionalLong value = of(other).apply(statistics);
            assertThat(value).as(other.name()).isEqualTo(other == stray ? OptionalLong.of(42) : OptionalLong.empty());
        }
    }

    @Test
    void keepApartAllStraysWhenAllAreObserved() {
        counters.observe(Stray.values());
        long number = 1;
        for (Stray stray : Stray.values()) {
            counters.count(stray, number++);
        }

        EchoStatistics statistics = counters.snapshot(0);

        assertThat(statistics.duplicates()).hasValue(1);
        assertThat(statistics.late()).hasValue(2);
        assertThat(statistics.altered()).hasValue(3);
        assertThat(statistics.wrongSource()).hasValue(4);
        assertThat(statistics.unmatched()).hasValue(5);
        assertThat(statistics.droppedLocally()).hasValue(6);
    }

    @Test
    void hideWhatWasCountedButIsNotObserved() {
        counters.count(Stray.LATE);

        assertThat(counters.snapshot(0).late()).isEmpty();
    }

    @Test
    void addUpWhileRequestsComplete() throws InterruptedException {
        AtomicBoolean stop = new AtomicBoolean();
        Thread engine = new Thread(() -> {
            while (!stop.get()) {
                sent(3);
                complete(REPLY, 1, true);
                complete(TIMED_OUT, 1, true);
                complete(ERROR, 1, true);
            }
        });
        engine.start();
        try {
            for (int i = 0; i < 100_000; i++) {
                EchoStatistics now = counters.snapshot(3);
                assertThat(now.replies() + now.timedOut() + now.icmpErrors() + now.inFlight())
                        .as("%s", now)
                        .isEqualTo(now.sent());
            }
        } finally {
            stop.set(true);
            engine.join();
        }
    }

    private static EchoOutcome error(IcmpErrorKind kind) {
        return new EchoOutcome.IcmpError(HOST, kind, NONE, NONE, NONE, Duration.ofNanos(1), Duration.ZERO);
    }

    private static Function<EchoStatistics, OptionalLong> of(Stray stray) {
        return switch (stray) {
            case DUPLICATE -> EchoStatistics::duplicates;
            case LATE -> EchoStatistics::late;
            case ALTERED -> EchoStatistics::altered;
            case WRONG_SOURCE -> EchoStatistics::wrongSource;
            case UNMATCHED -> EchoStatistics::unmatched;
            case DROPPED_LOCALLY -> EchoStatistics::droppedLocally;
        };
    }

    private void sent(int number) {
        for (int i = 0; i < number; i++) {
            counters.sent();
        }
    }

    private void complete(EchoOutcome outcome, int number, boolean wasSent) {
        for (int i = 0; i < number; i++) {
            counters.completed(outcome, wasSent);
        }
    }
}
