// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;
import dev.netecho.testkit.cases.Covers;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Kernel stamps as nanoTime values, against the real clocks of this host and against clocks that are set. */
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
        assertThat(clock.errorNanos()).isBetween(1L, MILLISECOND);
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

    @Nested
    @Covers(
            rules = "TIM-3",
            cases = "C69",
            backends = {"linux-datagram", "linux-raw"})
    final class WhenTheWallClockIsSet {
        private static final long ROUND_TRIP = 500 * MILLISECOND;

        private final FakeClocks clocks = new FakeClocks();
        private final KernelClock clock = new KernelClock(clocks);

        @ParameterizedTest(name = "by {0} ms")
        @ValueSource(longs = {-300, -150, -100, -50, -3, 3, 50, 100, 150, 300, -3_600_000, 3_600_000})
        void aStampOfTheNewTimeShortensNoRoundTrip(long millis) {
            clock.look(clocks.nano);
            long sent = clocks.nano;
            clocks.pass(ROUND_TRIP - 80 * MILLISECOND);
            clock.look(clocks.nano); // sampled 80 ms before the answer
            clocks.pass(40 * MILLISECOND);
            clocks.set(millis * MILLISECOND);
            clocks.pass(40 * MILLISECOND);
            long stamp = clocks.real;
            long arrived = clocks.nano;
            clocks.pass(20_000);
            clock.look(clocks.nano);
            assertTrue(clock.nanoTime(stamp, sent, clocks.nano), arrived);
        }

        @ParameterizedTest(name = "by {0} ms")
        @ValueSource(longs = {-300, -150, -100, -50, -3, 3, 50, 100, 150, 300, -3_600_000, 3_600_000})
        void aStampFromBeforeTheClockWasSetIsNotUsed(long millis) {
            clock.look(clocks.nano);
            long sent = clocks.nano;
            clocks.pass(ROUND_TRIP);
            long stamp = clocks.real;
            long arrived = clocks.nano;
            clocks.pass(10 * MILLISECOND);
            clocks.set(millis * MILLISECOND);
            clocks.pass(90 * MILLISECOND);
            clock.look(clocks.nano);
            assertTrue(clock.nanoTime(stamp, sent, clocks.nano), arrived);
        }

        /** The wall clock is read in whole milliseconds: a step of 2 ms looks like one of 1 to 3. */
        @ParameterizedTest(name = "by {0} ms")
        @ValueSource(longs = {-2, 2})
        void theSmallestStepIsNoticedAtEveryMomentOfAMillisecond(long millis) {
            for (int tenth = 0; tenth < 10; tenth++) {
                clocks.pass(MILLISECOND - clocks.real % MILLISECOND);
                clock.look(clocks.nano);
                long sent = clocks.nano;
                clocks.pass(10 * MILLISECOND);
                clocks.set(millis * MILLISECOND);
                clocks.pass(tenth * MILLISECOND / 10);
                long stamp = clocks.real;
                long arrived = clocks.nano;
                clocks.pass(3 * MILLISECOND);
                clock.look(clocks.nano);
                assertTrue(clock.nanoTime(stamp, sent, clocks.nano), arrived);
                clocks.pass(200 * MILLISECOND);
            }
        }

        @Test
        void stampsAreUsedAgainSoonAfterwards() {
            clock.look(clocks.nano);
            clocks.set(-50 * MILLISECOND);
            clocks.pass(MILLISECOND);
            clock.look(clocks.nano);
            clocks.pass(51 * MILLISECOND);
            long sent = clocks.nano;
            clocks.pass(10 * MILLISECOND);
            long stamp = clocks.real;
            long arrived = clocks.nano;
            clock.look(clocks.nano);
            assertThat(clock.nanoTime(stamp, sent, clocks.nano)).isEqualTo(arrived);
        }

        /** If the clock is not set, a busy machine's samples are as good as the best of them. */
        @Test
        void aSampleThatIsWorseChangesNothing() {
            clock.look(clocks.nano);
            long error = clock.errorNanos();
            for (int i = 0; i < 20; i++) {
                clocks.pass(101 * MILLISECOND);
                clocks.bracket = 300_000;
                clock.look(clocks.nano);
                assertThat(clock.errorNanos()).isEqualTo(error);
                long now = clocks.nano;
                assertThat(clock.nanoTime(clocks.real, now, now)).isEqualTo(now);
            }
        }

        /** Packets, readings and steps at random; an arrival is reported correctly or not at all. */
        @Test
        void tellsTheTruthOrNothing() {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            int told = 0;
            for (int i = 0; i < 20_000; i++) {
                long sent = clocks.nano;
                clocks.pass(random.nextInt((int) (200 * MILLISECOND)));
                boolean set = random.nextInt(10) == 0;
                boolean before = random.nextBoolean();
                // Steps that can be told apart, and from no step: 2 ms and more, see look().
                long step = (2 * MILLISECOND + 1 + random.nextInt((int) (400 * MILLISECOND)))
                        * (random.nextBoolean() ? 1 : -1);
                if (set && before) {
                    clocks.set(step);
                    clocks.pass(random.nextInt((int) MILLISECOND));
                }
                long arrived = clocks.nano;
                long stamp = clocks.real;
                clocks.pass(random.nextInt((int) (5 * MILLISECOND)));
                if (set && !before) {
                    clocks.set(step);
                    clocks.pass(random.nextInt((int) MILLISECOND));
                }
                clock.look(clocks.nano);
                long time = clock.nanoTime(stamp, sent, clocks.nano);
                if (time != KernelClock.UNUSABLE) {
                    told++;
                    assertThat(Math.abs(time - arrived))
                            .as("packet %d, seed %d", i, seed)
                            .isLessThanOrEqualTo(clock.errorNanos());
                }
                clocks.pass(random.nextInt((int) (300 * MILLISECOND)));
            }
            assertThat(told).as("seed %d", seed).isGreaterThan(18_000);
        }

        /** A packet may wait while others are read, and the clock may be set twice meanwhile. */
        @ParameterizedTest(name = "by {0} ms, then by {1} ms")
        @CsvSource({"300, -280", "-300, 280", "3600000, -3600020", "50, -20", "-50, 20", "20, 20", "-20, -20"})
        void aStampFromBeforeTwoStepsIsNotUsed(long first, long second) {
            clock.look(clocks.nano);
            long sent = clocks.nano;
            clocks.pass(100 * MILLISECOND);
            long stamp = clocks.real;
            long arrived = clocks.nano;
            for (long step : new long[] {first, second}) {
                clocks.pass(10 * MILLISECOND);
                clocks.set(step * MILLISECOND);
                clocks.pass(10 * MILLISECOND);
                clock.look(clocks.nano); // after packets of another socket
            }
            clocks.pass(10 * MILLISECOND);
            clock.look(clocks.nano);
            assertTrue(clock.nanoTime(stamp, sent, clocks.nano), arrived);
        }

        /** Two steps at random, each noticed, anywhere between sending and reading. */
        @Test
        void tellsTheTruthOrNothingAboutTwoSteps() {
            long seed = System.nanoTime();
            Random random = new Random(seed);
            for (int i = 0; i < 20_000; i++) {
                clock.look(clocks.nano);
                long sent = clocks.nano;
                int arrives = random.nextInt(3); // before, between or after the steps
                long stamp = 0;
                long arrived = 0;
                for (int step = 0; step <= 2; step++) {
                    clocks.pass(random.nextInt((int) (200 * MILLISECOND)));
                    if (step == arrives) {
                        stamp = clocks.real;
                        arrived = clocks.nano;
                    }
                    clocks.pass(random.nextInt((int) (20 * MILLISECOND)));
                    if (step < 2) {
                        clocks.set((2 * MILLISECOND + 1 + random.nextInt((int) (400 * MILLISECOND)))
                                * (random.nextBoolean() ? 1 : -1));
                        clocks.pass(random.nextInt((int) MILLISECOND));
                    }
                    clock.look(clocks.nano);
                }
                long time = clock.nanoTime(stamp, sent, clocks.nano);
                if (time != KernelClock.UNUSABLE) {
                    assertThat(Math.abs(time - arrived))
                            .as("packet %d, seed %d", i, seed)
                            .isLessThanOrEqualTo(clock.errorNanos());
                }
                clocks.pass(random.nextInt((int) (300 * MILLISECOND)));
            }
        }

        private void assertTrue(long time, long arrived) {
            if (time != KernelClock.UNUSABLE) {
                assertThat(Math.abs(time - arrived)).as("off by, in ns").isLessThanOrEqualTo(clock.errorNanos());
            }
        }
    }

    private static final class FakeClocks implements KernelClock.SystemClocks {
        long nano = 7_000_000_000L;
        long real = 1_700_000_000_123_456_789L;
        long bracket = 100;

        void pass(long nanos) {
            nano += nanos;
            real += nanos;
        }

        void set(long by) {
            real += by;
        }

        @Override
        public long monotonicNanos() {
            return nano;
        }

        @Override
        public long realNanos() {
            pass(bracket / 2);
            long read = real;
            pass(bracket / 2);
            return read;
        }

        @Override
        public long realMillis() {
            return real / MILLISECOND;
        }

        @Override
        public void close() {}
    }
}
