// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class RoundTripClockTest {
    @ParameterizedTest(name = "own {0} ns, system {1} ms: {2} ns")
    @CsvSource({
        "195000,0,195000",
        "0,0,1",
        "999999,0,999999",
        "1000000,0,999999",
        "45000000,0,999999",
        "20400000,20,20400000",
        "24000000,20,20999999",
        "19500000,20,20000000",
        "5000000000,4294967,4294967000000"
    })
    void ourClockIsClampedIntoTheSystemsMillisecond(long own, long millis, long expected) {
        assertThat(RoundTripClock.nanos(own, millis)).isEqualTo(expected);
    }

    @Test
    void itIsNeverOutsideThatMillisecond() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int i = 0; i < 100_000; i++) {
            long millis = random.nextInt(100_000);
            long nanos = RoundTripClock.nanos(random.nextLong(200_000_000_000L), millis);
            assertThat(nanos)
                    .as("seed %d", seed)
                    .isBetween(Math.max(1, millis * 1_000_000), millis * 1_000_000 + 999_999);
        }
    }

    @ParameterizedTest(name = "{0} ns since sending, round trip {1}, timeout {2}: {3}")
    @CsvSource({"10,10,10,false", "11,11,10,true", "500,10,10,false", "10,500,10,false"})
    void anAnswerIsLateOnlyIfNeitherClockSawItInTime(long sinceSent, long roundTrip, long timeout, boolean late) {
        assertThat(RoundTripClock.isLate(sinceSent, roundTrip, timeout)).isEqualTo(late);
    }
}
