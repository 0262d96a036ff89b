// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeadlineWheelTest {
    /** A bucket is 2^20 ns wide. */
    private static final long BUCKET = 1L << 20;

    private static final long SPAN = 4096 * BUCKET;

    @Test
    void hasNothingToDoWhenNothingIsArmed() {
        DeadlineWheel wheel = new DeadlineWheel(4, 0);

        assertThat(wheel.armed()).isZero();
        assertThat(wheel.nextNanos()).isEqualTo(Long.MAX_VALUE);
        assertThat(wheel.expired(Long.MAX_VALUE)).isEqualTo(-1);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, BUCKET - 1, BUCKET, BUCKET + 1, SPAN - 1, SPAN, SPAN + 1, 10 * SPAN + 12_345})
    void expiresAtTheDeadlineAndNotANanosecondBefore(long after) {
        long origin = 77;
        DeadlineWheel wheel = new DeadlineWheel(4, origin);
        wheel.arm(3, origin + after);

        assertThat(wheel.expired(origin)).isEqualTo(-1);
        assertThat(wheel.expired(origin + after - 1)).isEqualTo(-1);
        assertThat(wheel.expired(origin + after)).isEqualTo(3);
        assertThat(wheel.expired(origin + after)).isEqualTo(-1);
        assertThat(wheel.armed()).isZero();
    }

    @ParameterizedTest
    @ValueSource(longs = {0, -1, -BUCKET, -10 * SPAN})
    void expiresAtOnceWhatWasArmedTooLate(long after) {
        long now = 100 * SPAN;
        DeadlineWheel wheel = new DeadlineWheel(1, now);

        wheel.arm(0, now + after);

        assertThat(wheel.expired(now)).isZero();
    }

    @Test
    void disarmsAndArmsAgain() {
        DeadlineWheel wheel = new DeadlineWheel(2, 0);
        wheel.arm(0, BUCKET);
        wheel.arm(1, BUCKET);
        wheel.disarm(0);
        wheel.disarm(0);
        assertThat(wheel.armed()).isEqualTo(1);
        wheel.arm(0, 3 * BUCKET);

        assertThat(wheel.expired(2 * BUCKET)).isEqualTo(1);
        assertThat(wheel.expired(2 * BUCKET)).isEqualTo(-1);
        assertThat(wheel.expired(3 * BUCKET)).isZero();
    }

    @Test
    void refusesToArmAnArmedEntryAndNamesIt() {
        DeadlineWheel wheel = new DeadlineWheel(2, 0);
        wheel.arm(1, 5);

        assertThatIllegalStateException().isThrownBy(() -> wheel.arm(1, 6)).withMessage("entry 1 is already armed");
        assertThat(wheel.armed()).isEqualTo(1);
    }

    @Test
    void growsAndKeepsWhatIsArmed() {
        DeadlineWheel wheel = new DeadlineWheel(1, 0);
        wheel.arm(0, BUCKET);
        wheel.grow(3);
        assertThat(wheel.capacity()).isEqualTo(3);
        wheel.arm(1, BUCKET);
        wheel.arm(2, 2 * BUCKET);

        assertThat(allExpired(wheel, BUCKET)).containsExactlyInAnyOrder(0, 1);
        assertThat(allExpired(wheel, 2 * BUCKET)).containsExactly(2);
    }

    @Test
    void growsFromNothing() {
        DeadlineWheel wheel = new DeadlineWheel(0, 0);
        wheel.grow(1);
        wheel.arm(0, 1);

        assertThat(wheel.expired(1)).isZero();
    }

    @Test
    void expiresAShortDeadlineArmedAfterALongOneInTime() {
        DeadlineWheel wheel = new DeadlineWheel(2, 0);
        wheel.arm(0, TimeUnit.HOURS.toNanos(3));
        wheel.arm(1, TimeUnit.MILLISECONDS.toNanos(10));

        long wake = wheel.nextNanos();

        assertThat(wake).isBetween(TimeUnit.MILLISECONDS.toNanos(10), TimeUnit.MILLISECONDS.toNanos(10) + BUCKET);
        assertThat(allExpired(wheel, wake)).containsExactly(1);
    }

    @Test
    void knowsTheNextDeadlineAfterARest() {
        DeadlineWheel wheel = new DeadlineWheel(2, 0);
        wheel.arm(0, 1);
        assertThat(wheel.expired(BUCKET)).isZero();
        long now = TimeUnit.DAYS.toNanos(30);
        wheel.advance(now);
        wheel.arm(0, now + TimeUnit.MILLISECONDS.toNanos(500));
        assertThat(wheel.nextNanos())
                .isBetween(now + TimeUnit.MILLISECONDS.toNanos(500), now + TimeUnit.MILLISECONDS.toNanos(500) + BUCKET);

        wheel.advance(now + SPAN);
        wheel.arm(1, now + TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(allExpired(wheel, now + TimeUnit.SECONDS.toNanos(1)))
                .as("it is told no time while something is armed")
                .containsExactly(1, 0);
    }

    @ParameterizedTest
    @ValueSource(longs = {3_600, 86_400, 86_400 * 90L})
    void findsAFarDeadlineByWakingWhenItAsksForIt(long seconds) {
        long origin = -5;
        long deadline = origin + TimeUnit.SECONDS.toNanos(seconds);
        DeadlineWheel wheel = new DeadlineWheel(1, origin);
        wheel.arm(0, deadline);

        long now = origin;
        long wakes = 0;
        while (wheel.expired(now) == -1) {
            if (wheel.nextNanos() - now <= 0) {
                throw new AssertionError("no progress at " + now);
            }
            now = wheel.nextNanos();
            wakes++;
        }

        assertThat(now - deadline).isBetween(0L, BUCKET);
        assertThat(wakes).isLessThan((deadline - origin) / SPAN + 10 + (deadline - origin) / SPAN / 1000);
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 60, 86_400, 86_400 * 100L})
    void isRightAfterALongIdleTime(long seconds) {
        DeadlineWheel wheel = new DeadlineWheel(1, 0);
        long now = TimeUnit.SECONDS.toNanos(seconds);

        wheel.arm(0, now + 10 * BUCKET);

        assertThat(wheel.expired(now)).isEqualTo(-1);
        assertThat(wheel.expired(now + 10 * BUCKET - 1)).isEqualTo(-1);
        assertThat(wheel.expired(now + 10 * BUCKET)).isZero();
    }

    @Test
    void findsEverythingWhenItIsAskedMonthsLate() {
        DeadlineWheel wheel = new DeadlineWheel(3, 0);
        wheel.arm(0, 1);
        wheel.arm(1, SPAN / 2);
        wheel.arm(2, TimeUnit.DAYS.toNanos(40));

        assertThat(allExpired(wheel, TimeUnit.DAYS.toNanos(80))).containsExactlyInAnyOrder(0, 1, 2);
    }

    @Test
    void findsWhatIsArmedOverdueFromWithinTheExpiryLoop() {
        DeadlineWheel wheel = new DeadlineWheel(3, 0);
        wheel.arm(0, 1);
        wheel.arm(1, 2);
        long now = 5 * BUCKET;
        int first = wheel.expired(now);

        wheel.arm(2, 3);

        assertThat(first).isBetween(0, 1);
        assertThat(allExpired(wheel, now)).containsExactlyInAnyOrder(1 - first, 2);
    }

    @Test
    void findsWhatIsArmedOverdueBetweenTwoExpiryLoops() {
        DeadlineWheel wheel = new DeadlineWheel(3, 0);
        wheel.arm(0, 1);
        wheel.arm(1, 2);
        int first = wheel.expired(BUCKET / 2);

        wheel.arm(2, 3);

        assertThat(first).isBetween(0, 1);
        assertThat(allExpired(wheel, 7 * BUCKET)).containsExactlyInAnyOrder(1 - first, 2);
    }

    @Test
    void findsWhatCameDueWhileALoopWasInterrupted() {
        DeadlineWheel wheel = new DeadlineWheel(3, 0);
        wheel.arm(0, 9_000 * BUCKET); // waits in the last bucket
        wheel.arm(1, 4_095 * BUCKET + 10);
        wheel.arm(2, 4_095 * BUCKET + 100);
        assertThat(wheel.expired(4_095 * BUCKET + 20)).isEqualTo(1);

        assertThat(allExpired(wheel, 4_097 * BUCKET)).containsExactly(2);
        assertThat(allExpired(wheel, 9_000 * BUCKET)).containsExactly(0);
    }

    @Test
    void letsTheLoopDisarmWhatItWasAboutToLookAt() {
        DeadlineWheel wheel = new DeadlineWheel(3, 0);
        wheel.arm(0, 1);
        wheel.arm(1, 1);
        wheel.arm(2, 1);
        int first = wheel.expired(1);

        wheel.disarm((first + 1) % 3);

        assertThat(allExpired(wheel, 1)).containsExactly((first + 2) % 3);
    }

    private static List<Integer> allExpired(DeadlineWheel wheel, long now) {
        List<Integer> entries = new ArrayList<>();
        for (int entry = wheel.expired(now); entry != -1; entry = wheel.expired(now)) {
            entries.add(entry);
        }
        return entries;
    }
}
