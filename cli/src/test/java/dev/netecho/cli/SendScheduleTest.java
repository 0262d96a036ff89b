// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class SendScheduleTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void roundsStartOnAbsoluteTimes() {
        SendSchedule schedule = new SendSchedule(-5, SECOND, 1, 3, 1, 1);
        for (int round = 0; round < 3; round++) {
            assertThat(schedule.hasNext()).isTrue();
            assertThat(schedule.dueNanos()).isEqualTo(-5 + round * SECOND);
            assertThat(schedule.sequence()).isEqualTo(round + 1);
            schedule.catchUp(schedule.dueNanos() + SECOND / 2); // late, but not by a whole interval
            schedule.advance();
        }
        assertThat(schedule.hasNext()).isFalse();
        assertThat(schedule.begun(0)).isEqualTo(3);
    }

    @Test
    void theTargetsOfARoundAreSpread() {
        SendSchedule schedule = new SendSchedule(0, SECOND, 4_000, 1, 1, 1);
        for (int i = 0; i < 4_000; i++) {
            assertThat(schedule.target()).isEqualTo(i);
            assertThat(schedule.dueNanos()).isEqualTo(i * 100_000L);
            schedule.advance();
        }
    }

    @Test
    void aRoundNeverTakesLongerThanTheInterval() {
        SendSchedule schedule = new SendSchedule(0, SECOND, 100_000, 2, 1, 1);
        for (int i = 0; i < 99_999; i++) {
            schedule.advance();
        }
        assertThat(schedule.dueNanos()).isEqualTo(99_999 * 10_000L).isLessThan(SECOND);
        schedule.advance();
        assertThat(schedule.dueNanos()).isEqualTo(SECOND);
        assertThat(schedule.begun(0)).isEqualTo(1);
        schedule.advance();
        assertThat(schedule.begun(0)).isEqualTo(2);
        assertThat(schedule.begun(1)).isEqualTo(1);
    }

    @Test
    void afterASuspensionMissedRoundsAreNotSentInOneBurst() {
        SendSchedule schedule = new SendSchedule(0, SECOND, 2, Long.MAX_VALUE, 1, 1);
        schedule.catchUp(3_600 * SECOND);
        assertThat(schedule.dueNanos()).isEqualTo(3_600 * SECOND);
        schedule.advance();
        schedule.advance();
        assertThat(schedule.dueNanos()).isEqualTo(3_601 * SECOND);
        assertThat(schedule.sequence()).isEqualTo(2);
    }

    @Test
    void aPreloadIsDueAtOnce() {
        SendSchedule schedule = new SendSchedule(0, SECOND, 2, Long.MAX_VALUE, 3, 1);
        for (int i = 0; i < 6; i++) {
            assertThat(schedule.dueNanos()).as("request %d", i).isLessThan(SECOND);
            schedule.advance();
        }
        assertThat(schedule.dueNanos()).isEqualTo(SECOND);
        assertThat(schedule.sequence()).isEqualTo(4);
    }

    @Test
    void aRoundIsHastenedOnlyBeforeItBegins() {
        SendSchedule schedule = new SendSchedule(0, SECOND, 2, Long.MAX_VALUE, 1, 1);
        schedule.advance();
        schedule.hasten(7, 0);
        assertThat(schedule.dueNanos()).as("in a round").isEqualTo(100_000);
        schedule.advance();
        schedule.hasten(300_000, 2_000_000);
        assertThat(schedule.dueNanos()).as("not sooner than allowed").isEqualTo(2_000_000);
        schedule.hasten(3_000_000, 0);
        assertThat(schedule.dueNanos()).as("never later").isEqualTo(2_000_000);
    }

    @Test
    void burstsStartOnAbsoluteTimes() {
        SendSchedule schedule = new SendSchedule(0, 60 * SECOND, 1, Long.MAX_VALUE, 1, 20);
        for (int burst = 0; burst < 3; burst++) {
            for (int i = 0; i < 20; i++) {
                assertThat(schedule.dueNanos()).isEqualTo(burst * 60 * SECOND + i * SECOND / 10);
                schedule.advance();
            }
        }
    }

    @Test
    void theRequestsOfABurstWaitForAllTargets() {
        int targets = 2_000;
        SendSchedule schedule = new SendSchedule(0, 60 * SECOND, targets, Long.MAX_VALUE, 1, 20);
        for (int i = 0; i < targets; i++) {
            assertThat(schedule.dueNanos()).isEqualTo(i * 100_000L);
            schedule.advance();
        }
        assertThat(schedule.dueNanos()).isEqualTo(targets * 100_000L);
    }

    @Test
    void aBurstNeverTakesLongerThanTheInterval() {
        SendSchedule schedule = new SendSchedule(0, SECOND, 20_000, Long.MAX_VALUE, 1, 10);
        for (int i = 0; i < 10 * 20_000; i++) {
            assertThat(schedule.dueNanos()).isBetween(0L, SECOND - 1);
            schedule.advance();
        }
        assertThat(schedule.dueNanos()).isEqualTo(SECOND);
    }
}
