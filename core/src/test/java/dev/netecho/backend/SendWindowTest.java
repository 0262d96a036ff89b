// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What may be outstanding, under a clock that the test turns. */
final class SendWindowTest {
    private static final int BUCKET = 1 << 24;
    private static final long START = 86_400_000_000_000L;

    @Test
    void admitsASingleRequestHoweverLarge() {
        SendWindow window = new SendWindow(2304, START);
        assertThat(window.admits(0, 1 << 20)).isTrue();
        assertThat(window.admits(1, 1 << 20)).isFalse();
        window.charge(START, 1 << 20);
        assertThat(window.admits(0, 1)).isFalse();
    }

    @Test
    void leavesAnEighthOfTheBufferFree() {
        SendWindow window = new SendWindow(8000, START);
        assertThat(window.admits(6000, 1000)).isTrue();
        assertThat(window.admits(6000, 1001)).isFalse();
    }

    @Test
    void admitsLessOnceAnswersTakeMore() {
        SendWindow window = new SendWindow(8000, START);
        window.advance(START, 4000);
        assertThat(window.admits(0, 832)).isTrue();
        assertThat(window.admits(3000, 500)).isTrue();
        assertThat(window.admits(3000, 501)).isFalse();
    }

    @Test
    void forgetsWhatIsOlderThanItsMemory() {
        SendWindow window = new SendWindow(8000, START);
        window.charge(START, 7000);
        long forgotten = window.nextNanos();
        assertThat(forgotten - START).isBetween(SendWindow.MEMORY_NANOS - BUCKET, SendWindow.MEMORY_NANOS);

        window.advance(forgotten - 1, 8000);
        assertThat(window.admits(0, 1001)).isFalse();
        window.advance(forgotten, 8000);
        assertThat(window.admits(6000, 1000)).isTrue();
        assertThat(window.nextNanos()).isEqualTo(Long.MAX_VALUE);
    }

    @Test
    void releasesNothingTwiceForALateAnswer() {
        SendWindow window = new SendWindow(8000, START);
        window.charge(START, 3000);
        window.charge(START + SendWindow.MEMORY_NANOS + BUCKET, 6000);
        window.release(START, 3000);

        assertThat(window.admits(0, 1001)).isFalse();
        assertThat(window.admits(0, 1000)).isTrue();
    }

    /** Charges, releases and time in any order, against a list of everything that is outstanding. */
    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
    void agreesWithAListOfWhatIsOutstanding(long seed) {
        Random random = new Random(seed);
        int capacity = 2304 + random.nextInt(200_000);
        SendWindow window = new SendWindow(capacity, START);
        long limit = capacity - capacity / 8L;
        List<Charge> outstanding = new ArrayList<>();
        long now = START;
        for (int step = 0; step < 4_000; step++) {
            String where = "seed " + seed + " step " + step;
            now += random.nextInt(50) == 0 ? random.nextLong(3 * SendWindow.MEMORY_NANOS) : random.nextLong(2_000_000);
            window.advance(now, capacity);
            int charge = 832 + random.nextInt(3000);
            long held = held(outstanding, now);
            assertThat(window.admits(0, charge)).as(where).isEqualTo(held == 0 || held + charge <= limit);
            if (window.admits(0, charge)) {
                window.charge(now, charge);
                outstanding.add(new Charge(now, charge));
            }
            if (!outstanding.isEmpty() && random.nextInt(3) == 0) {
                Charge answered = outstanding.remove(random.nextInt(outstanding.size()));
                window.release(answered.at, answered.bytes);
            }
            assertThat(window.nextNanos() == Long.MAX_VALUE)
                    .as(where + ": something is to be forgotten")
                    .isEqualTo(held(outstanding, now) == 0);
        }
    }

    private static long held(List<Charge> outstanding, long now) {
        return outstanding.stream()
                .filter(charge -> (now >> 24) - (charge.at >> 24) < 8)
                .mapToLong(charge -> charge.bytes)
                .sum();
    }

    private record Charge(long at, int bytes) {}
}
