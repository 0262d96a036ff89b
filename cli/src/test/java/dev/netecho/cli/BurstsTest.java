// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class BurstsTest {
    private static final int SIZE = 10;

    private final Bursts bursts = new Bursts(new WatchRules(3, 20, Duration.ofMillis(5), SIZE));
    private long sequence;

    /** A burst: of ten requests some are lost, some tell nothing, and the others take so long. */
    private HostState burst(int lost, int untold, double millis) {
        for (int i = 0; i < SIZE; i++) {
            long reply = Math.round(millis * 1_000_000);
            long sample = i < lost ? HostHistory.LOST : i < lost + untold ? HostHistory.UNTOLD : reply;
            assertThat(bursts.add(++sequence, sample)).isEqualTo(i == SIZE - 1);
        }
        return bursts.state();
    }

    private HostState good() {
        return burst(0, 0, 1);
    }

    private HostState lost() {
        return burst(SIZE, 0, 0);
    }

    @Test
    void isUnknownUntilABurstHasTold() {
        assertThat(bursts.state()).isEqualTo(HostState.UNKNOWN);
        assertThat(burst(0, SIZE, 0)).isEqualTo(HostState.UNKNOWN);
        assertThat(good()).isEqualTo(HostState.UP);
    }

    @Test
    void isDownAfterSoManyInARow() {
        good();
        assertThat(lost()).isEqualTo(HostState.UP);
        assertThat(lost()).isEqualTo(HostState.UP);
        assertThat(lost()).isEqualTo(HostState.DOWN);
        assertThat(bursts.why()).isEqualTo("10 of 10 lost");
        assertThat(good()).isEqualTo(HostState.UP);
        assertThat(bursts.why()).isEmpty();
    }

    @Test
    void isNotDownBeforeSoManyBurstsAreKnown() {
        assertThat(lost()).isEqualTo(HostState.DEGRADED);
        assertThat(lost()).isEqualTo(HostState.DEGRADED);
        assertThat(lost()).isEqualTo(HostState.DOWN);
    }

    @ParameterizedTest
    @CsvSource({"2, 0, 1, 2 of 10 lost", "1, 5, 1, 1 of 5 lost", "0, 0, 5.1, mean time 5.10 ms"})
    void isDegradedByLossOrTimeAfterSoManyInARow(int lost, int untold, double millis, String why) {
        good();
        assertThat(burst(lost, untold, millis)).isEqualTo(HostState.UP);
        assertThat(burst(lost, untold, millis)).isEqualTo(HostState.UP);
        assertThat(burst(lost, untold, millis)).isEqualTo(HostState.DEGRADED);
        assertThat(bursts.why()).isEqualTo(why);
    }

    @Test
    void worseBurstsCountForBoth() {
        good();
        lost();
        burst(2, 0, 1);
        assertThat(lost()).isEqualTo(HostState.DEGRADED);
        lost();
        assertThat(lost()).isEqualTo(HostState.DOWN);
        assertThat(burst(2, 0, 1)).isEqualTo(HostState.DEGRADED);
    }

    @ParameterizedTest
    @CsvSource({"1, 0, 5", "0, 0, 5", "0, 9, 5"})
    void isUpWithinTheBounds(int lost, int untold, double millis) {
        for (int i = 0; i < 4; i++) {
            assertThat(burst(lost, untold, millis)).isEqualTo(HostState.UP);
        }
    }

    @Test
    void whatThisHostDroppedNeverMakesItDown() {
        good();
        for (int i = 0; i < 2; i++) {
            assertThat(burst(0, SIZE, 0)).isEqualTo(HostState.UP);
        }
        assertThat(burst(0, SIZE, 0)).isEqualTo(HostState.UNKNOWN);
        assertThat(good()).isEqualTo(HostState.UP);
    }

    @Test
    void burstsMayOverlap() {
        for (int i = 1; i < SIZE; i++) {
            bursts.add(i, HostHistory.LOST);
        }
        sequence = SIZE;
        good();
        assertThat(bursts.state()).isEqualTo(HostState.UP);
        assertThat(bursts.add(SIZE, HostHistory.LOST)).isTrue();
        assertThat(bursts.why()).isEqualTo("10 of 10 lost");
    }
}
