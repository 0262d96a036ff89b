// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;

/** Round trips and their uncertainty against a model of what really happens inside and after a system call. */
final class RoundTripTest {
    private static final long START = 1_000_000_000L;
    private static final int PACKETS = 32;
    private static final long MILLISECOND = 1_000_000;
    private static final long CLOCK_ERROR = 150;
    private static final long NEVER = Long.MAX_VALUE / 4;

    private final SendTimes times = new SendTimes(PACKETS);
    private final RoundTrip roundTrip = new RoundTrip();

    private void measure(int packet, long after, long arrival, long timeout) {
        roundTrip.ofStamped(START, times.of(packet), after, arrival, CLOCK_ERROR, timeout);
    }

    /** The pause of the model: 3 ms behind the packets, which are answered after 5 us, as on loopback. */
    @Test
    void aPauseAfterThePacketsLeavesNoTimeAtZero() {
        long each = 5_000;
        long after = START + PACKETS * each + 3 * MILLISECOND;
        times.call(START, after, PACKETS);
        for (int i = 0; i < PACKETS; i++) {
            long left = START + i * each / 4; // faster than usual
            long arrival = left + 1_000;
            measure(i, after, arrival, NEVER);
            assertThat(roundTrip.nanos()).as("packet %d", i).isPositive();
            assertThat(Math.abs(roundTrip.nanos() - 1_000))
                    .as("packet %d", i)
                    .isLessThanOrEqualTo(roundTrip.uncertaintyNanos());
        }
    }

    @Test
    void aPauseIsToldAsUncertainty() {
        times.call(START, START + PACKETS * 5_000 + 3 * MILLISECOND, PACKETS);
        measure(PACKETS - 1, START + PACKETS * 5_000 + 3 * MILLISECOND, START + 20 * MILLISECOND, NEVER);
        assertThat(roundTrip.uncertaintyNanos()).isBetween(3 * MILLISECOND - 200_000, 3 * MILLISECOND + 200_000);
    }

    @Test
    void aPacketStampedOnBothSidesHasOnlyTheClocksError() {
        roundTrip.ofStamped(START, START, START, START + 11_000, CLOCK_ERROR, NEVER);
        assertThat(roundTrip.nanos()).isEqualTo(11_000);
        assertThat(roundTrip.uncertaintyNanos()).isEqualTo(CLOCK_ERROR);
    }

    @Test
    void anUnstampedAnswerMayHaveArrivedAnyTimeBefore() {
        roundTrip.ofUnstamped(START, START + 10, START + 11_000, NEVER);
        assertThat(roundTrip.nanos()).isEqualTo(10_990);
        assertThat(roundTrip.uncertaintyNanos()).isEqualTo(10_990);
        roundTrip.ofUnstamped(START, START + 500, START + 400, NEVER);
        assertThat(roundTrip.nanos()).isEqualTo(200);
        assertThat(roundTrip.uncertaintyNanos()).isEqualTo(200);
    }

    @Test
    void noTimeIsLongerThanTheTimeoutThatItWasIn() {
        // It left at the end of the call, and was answered exactly in time.
        long after = START + 3 * MILLISECOND;
        roundTrip.ofStamped(START, START + 5_000, after, after + MILLISECOND, CLOCK_ERROR, MILLISECOND);
        assertThat(roundTrip.nanos()).isEqualTo(MILLISECOND);
        assertThat(roundTrip.uncertaintyNanos()).isEqualTo(3 * MILLISECOND + CLOCK_ERROR);
    }

    @Test
    void aTimeIsNeverZeroEvenIfTheClocksSayThatNoneHasPassed() {
        roundTrip.ofStamped(START, START, START, START, CLOCK_ERROR, NEVER);
        assertThat(roundTrip.nanos()).isEqualTo(1);
    }

    /**
     * Random costs of packets, pauses before, between and behind them, and answers; the truth is always within what is
     * told.
     */
    @Test
    void theTruthIsAlwaysWithinTheUncertainty() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int call = 0; call < 20_000; call++) {
            int count = 1 + random.nextInt(PACKETS);
            long[] left = new long[count];
            long clock = START;
            int paused = random.nextInt(4) == 0 ? random.nextInt(count + 1) : -1;
            for (int i = 0; i < count; i++) {
                clock += i == paused ? random.nextInt(20_000_000) : 0;
                clock += 300 + random.nextInt(10_000);
                left[i] = clock;
                clock += random.nextInt(2_000);
            }
            clock += paused == count ? random.nextInt(20_000_000) : 0;
            times.call(START, clock, count);
            for (int i = 0; i < count; i++) {
                long truth = 1 + (long) Math.pow(10, 2 + 6 * random.nextDouble());
                long error = random.nextInt((int) CLOCK_ERROR) - CLOCK_ERROR / 2;
                long arrival = Math.max(START, left[i] + truth + error);
                long timeout = random.nextInt(8) == 0 ? truth + CLOCK_ERROR : NEVER;
                measure(i, clock, arrival, timeout);
                assertThat(roundTrip.nanos()).isPositive().isLessThanOrEqualTo(timeout);
                assertThat(Math.abs(roundTrip.nanos() - truth))
                        .as("packet %d of %d, paused before %d, call %d, seed %d", i, count, paused, call, seed)
                        .isLessThanOrEqualTo(roundTrip.uncertaintyNanos());
            }
        }
    }
}
