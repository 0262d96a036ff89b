// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

final class SendTimesTest {
    private static final long START = 1_000_000_000L;
    private static final int PACKETS = 32;

    private final SendTimes times = new SendTimes(PACKETS);

    private void calls(int number, long nanosEach) {
        for (int i = 0; i < number; i++) {
            times.call(START, START + PACKETS * nanosEach, PACKETS);
        }
    }

    @Test
    void theTimesOfAnOrdinaryCallAreSpreadOverIt() {
        calls(20, 5_000);

        assertThat(times.of(0)).isEqualTo(START);
        assertThat(times.of(1)).isEqualTo(START + 5_000);
        assertThat(times.of(PACKETS - 1)).isEqualTo(START + (PACKETS - 1) * 5_000);
    }

    @Test
    void aPauseInsideACallShortensNoRoundTrip() {
        calls(20, 5_000);
        times.call(START, START + PACKETS * 5_000 + 3_000_000, PACKETS);

        // The pause may lie behind the last packet, which then left when it usually does.
        assertThat(times.of(PACKETS - 1) - (START + (PACKETS - 1) * 5_000)).isLessThanOrEqualTo(PACKETS * 5_000);
        times.call(START, START + PACKETS * 5_000, PACKETS);
        assertThat(times.of(PACKETS - 1)).isEqualTo(START + (PACKETS - 1) * 5_000);
    }

    @Test
    void aPauseInTheFirstCallShortensNoRoundTrip() {
        times.call(START, START + 3_000_000, PACKETS);

        assertThat(times.of(PACKETS - 1) - START).isLessThan(100_000);
    }

    @Test
    void aSystemThatBecameSlowIsBelievedAfterAFewCalls() {
        calls(20, 2_000);
        calls(20, 40_000);

        assertThat(times.of(PACKETS - 1)).isEqualTo(START + (PACKETS - 1) * 40_000);
    }

    @Test
    void saysHowLongAfterTheBeginningOfTheCallAPacketLeft() {
        calls(20, 5_000);
        assertThat(times.afterStart(0)).isZero();
        assertThat(times.afterStart(PACKETS - 1)).isEqualTo((PACKETS - 1) * 5_000);

        calls(200, 10_000_000_000L);
        assertThat(times.afterStart(PACKETS - 1)).isPositive();
        assertThat(times.of(PACKETS - 1) - times.of(0)).isEqualTo(times.afterStart(PACKETS - 1));
    }

    @Test
    void noPacketLeavesAfterTheCallHasReturned() {
        times.call(START, START + 10, PACKETS);

        assertThat(times.of(PACKETS - 1)).isBetween(START, START + 10);
    }
}
