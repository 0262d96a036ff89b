// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.FakeCounters;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SendPaceTest {
    private static final long START = -7_000_000_000L;
    private static final long SECOND = 1_000_000_000L;
    private static final long TOLERANCE = 1_000_000;

    private static SendPace pace(int rate) {
        return SendPace.of(new EchoConfig("n", rate, Map.of(), new FakeCounters()), TOLERANCE);
    }

    private static int taken(SendPace pace, long from, long to, long step) {
        int taken = 0;
        for (long now = from; now < to; now += step) {
            while (pace.take(now)) {
                taken++;
            }
        }
        return taken;
    }

    @Test
    void withoutARateEverythingGoesAtOnce() {
        SendPace pace = pace(0);
        for (int i = 0; i < 100_000; i++) {
            assertThat(pace.take(START)).isTrue();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 3, 1_000, 70_000, 10_000_000})
    void whoAsksAtTheTimesGivenSendsExactlyTheRate(int rate) {
        SendPace pace = pace(rate);
        int taken = 0;
        long now = START;
        while (now - START < 2 * SECOND && taken < 200_000) {
            assertThat(pace.take(now)).isTrue();
            taken++;
            now = Math.max(now, pace.nextNanos());
        }
        double seconds = Math.max(1, now - START) / (double) SECOND;
        assertThat(taken / seconds).isBetween(rate * 0.999, rate * 1.001 + 1);
    }

    @Test
    void whoWakesLateCatchesUpWithinTheTolerance() {
        assertThat(taken(pace(10_000), START, START + SECOND, TOLERANCE)).isBetween(9_990, 10_010);
    }

    @Test
    void whoSleptLongerDoesNotCatchUpWhatIsLost() {
        SendPace pace = pace(10_000);
        assertThat(taken(pace, START, START + SECOND, TOLERANCE)).isBetween(9_990, 10_010);
        long later = START + 60 * SECOND;
        assertThat(taken(pace, later, later + 1, 1))
                .as("in one moment after a minute of rest")
                .isBetween(10, 12);
    }

    @Test
    void whatIsGivenBackMayBeTakenAgain() {
        SendPace pace = pace(4);
        assertThat(pace.take(START)).isTrue();
        pace.giveBack();
        assertThat(pace.take(START + 100)).isTrue();
        assertThat(pace.take(START + 200)).isFalse();
    }

    @Test
    void countsTheTimeForWhichItHeldRequests() {
        FakeCounters counters = new FakeCounters();
        SendPace pace = SendPace.of(new EchoConfig("n", 4, Map.of(), counters), TOLERANCE);
        assertThat(pace.take(START)).isTrue();
        assertThat(pace.take(START + 50_000_000)).isFalse();
        assertThat(pace.take(START + 60_000_000)).isFalse();
        assertThat(counters.paceTime()).as("not over yet").isZero();

        assertThat(pace.take(START + 60 * SECOND)).isTrue();

        assertThat(counters.paceTime())
                .as("until a packet was due, and not until one was asked for")
                .isEqualTo(Duration.ofMillis(200));
        assertThat(pace.take(START + 90 * SECOND)).isTrue();
        assertThat(counters.paceTime()).isEqualTo(Duration.ofMillis(200));
    }

    @Test
    void saysWhenTheNextOneMayGo() {
        SendPace pace = pace(4);
        assertThat(pace.take(START)).isTrue();
        assertThat(pace.take(START + 100)).isFalse();
        assertThat(pace.nextNanos()).isEqualTo(START + SECOND / 4);
        assertThat(pace.take(START + SECOND / 4 - 1)).isFalse();
        assertThat(pace.take(START + SECOND / 4)).isTrue();
    }
}
