// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;
import dev.netecho.testkit.cases.Covers;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Kernel stamps as nanoTime values, against the real clocks of this host. */
final class KernelClockTest {
    private static final long MILLISECOND = 1_000_000;

    private final KernelClock clock = new KernelClock();

    @AfterEach
    void close() {
        clock.close();
    }

    @Test
    void placesAStampBetweenSendingAndNow() {
        for (int i = 0; i < 1000; i++) {
            long sent = System.nanoTime();
            long stamp = realTime();
            long now = System.nanoTime();
            assertThat(clock.nanoTime(stamp, sent, now)).as("try %d", i).isBetween(sent, now);
        }
    }

    @Test
    void tellsAnEarlyStampFromALateOne() {
        long sent = System.nanoTime();
        long stamp = realTime();
        // As if the thread had slept for 500 ms before it read the packet.
        long now = System.nanoTime() + 500 * MILLISECOND;

        assertThat(clock.nanoTime(stamp, sent, now) - sent).isBetween(0L, 400 * MILLISECOND);
        assertThat(clock.nanoTime(stamp + 300 * MILLISECOND, sent, now) - sent)
                .isBetween(300 * MILLISECOND, 500 * MILLISECOND);
    }

    @Test
    void clampsWhatIsAMillisecondOff() {
        long sent;
        long stamp;
        do { // until the test was not interrupted between its two clocks
            sent = System.nanoTime();
            stamp = realTime();
        } while (System.nanoTime() - sent > MILLISECOND / 10);
        long now = sent + MILLISECOND / 2;
        assertThat(clock.nanoTime(stamp - MILLISECOND / 2, sent, now)).isEqualTo(sent);
        assertThat(clock.nanoTime(stamp + MILLISECOND * 3 / 4, sent, now)).isEqualTo(now);
    }

    @Test
    @Covers(
            rules = "TIM-3",
            cases = "C69",
            backends = {"linux-datagram", "linux-raw"})
    void cannotUseAMissingStampOrOneThatIsFarOff() {
        long sent = System.nanoTime();
        long stamp = realTime();
        long now = System.nanoTime();
        assertThat(clock.nanoTime(0, sent, now)).isEqualTo(KernelClock.UNUSABLE);
        assertThat(clock.nanoTime(stamp - 3_600_000 * MILLISECOND, sent, now)).isEqualTo(KernelClock.UNUSABLE);
        assertThat(clock.nanoTime(stamp + 3_600_000 * MILLISECOND, sent, now)).isEqualTo(KernelClock.UNUSABLE);
        assertThat(clock.nanoTime(stamp, sent, System.nanoTime()))
                .as("and recovers")
                .isNotEqualTo(KernelClock.UNUSABLE);
    }

    private static long realTime() {
        try (NativeMemory memory = NativeMemory.allocate(Timespec.SIZE)) {
            assertThat(LibC.clock_gettime(Timespec.CLOCK_REALTIME, memory.address()))
                    .isZero();
            return Timespec.nanos(memory.buffer(), 0);
        }
    }
}
