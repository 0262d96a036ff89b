// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.loop.Watch;
import org.junit.jupiter.api.Test;

/** When the event loop looks away from a busy socket, and that it never sleeps meanwhile. */
final class SocketWatchTest {
    private final RecordingWatch loop = new RecordingWatch();
    private final SocketWatch watch = new SocketWatch(loop);

    @Test
    void looksAwayOnlyAfterManyTurnsInARowThatMovedSomething() {
        turns(SocketWatch.BUSY_TURNS - 1, true);
        watch.turned(false, false);
        turns(SocketWatch.BUSY_TURNS - 1, true);
        assertThat(loop.pauses).isZero();
        assertThat(watch.isPaused()).isFalse();

        watch.turned(true, false);
        assertThat(loop.pauses).isEqualTo(1);
        assertThat(watch.isPaused()).isTrue();
        turns(10 * SocketWatch.BUSY_TURNS, true);
        assertThat(loop.pauses).isEqualTo(1);
    }

    @Test
    void looksAgainAtTheFirstTurnThatMovesNothing() {
        turns(SocketWatch.BUSY_TURNS, true);
        watch.turned(false, false);
        assertThat(loop.resumes).isEqualTo(1);
        assertThat(watch.isPaused()).isFalse();
        assertThat(watch.nextNanos()).isEqualTo(Long.MAX_VALUE);
        watch.turned(false, false);
        assertThat(loop.resumes).isEqualTo(1);

        turns(SocketWatch.BUSY_TURNS, true);
        assertThat(loop.pauses).as("and away once more").isEqualTo(2);
    }

    @Test
    void comesBackSoonAndAsksOnceMoreWhereTheSystemRefusesToLookAgain() {
        turns(SocketWatch.BUSY_TURNS, true);
        loop.refuses = true;
        watch.turned(false, false);
        assertThat(watch.isPaused()).isTrue();
        assertThat(watch.nextNanos() - System.nanoTime()).isBetween(0L, SocketWatch.RETRY_NANOS);
        turns(SocketWatch.BUSY_TURNS, true);
        assertThat(loop.pauses).as("it looks away already").isEqualTo(1);

        loop.refuses = false;
        watch.watchAgain();
        assertThat(watch.isPaused()).isFalse();
        assertThat(loop.resumes).isEqualTo(2);
    }

    @Test
    void goesOnLookingWhereTheLoopNeverLooksAway() {
        loop.looksAway = false;
        turns(10 * SocketWatch.BUSY_TURNS, true);
        assertThat(watch.isPaused()).isFalse();
        watch.turned(false, false);
        assertThat(loop.resumes).isZero();
        assertThat(watch.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    private void turns(int number, boolean moved) {
        for (int i = 0; i < number; i++) {
            watch.turned(moved, false);
        }
    }

    private static final class RecordingWatch implements Watch {
        boolean looksAway = true;
        boolean refuses;
        int pauses;
        int resumes;

        @Override
        public void writable(boolean wanted) {}

        @Override
        public boolean pause(boolean needed) {
            pauses++;
            return looksAway;
        }

        @Override
        public void resume() {
            resumes++;
            if (refuses) {
                throw new IllegalStateException("ENOSPC");
            }
        }

        @Override
        public void cancel() {}
    }
}
