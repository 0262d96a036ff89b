// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Locale;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The wheel against a priority queue: a million seeded operations from origins that {@code nanoTime} may have. */
class DeadlineWheelModelTest {
    private static final int OPERATIONS = 1_000_000;

    /** The width of a bucket: how late the wheel may be when it is called when it asks for it. */
    private static final long BUCKET = 1L << 20;

    private static final long MILLISECOND = 1_000_000;
    private static final long HOUR = 3_600_000 * MILLISECOND;
    private static final long YEAR = 8_766 * HOUR;
    private static final int LARGEST = 3_000;

    private SplittableRandom random;
    private DeadlineWheel wheel;
    private long origin;

    /** Time since the origin: the model's arithmetic cannot overflow, the wheel's must not mind. */
    private long now;

    private final long[] deadlines = new long[LARGEST];
    private final long[] allowance = new long[LARGEST];
    private final boolean[] armed = new boolean[LARGEST];
    private final PriorityQueue<Entry> model = new PriorityQueue<>();
    private int count;
    private int expiries;
    private long seed;
    private int operation;

    /** Whether a loop stopped early after a leap: lateness then says nothing about the wheel. */
    private boolean behind;

    private record Entry(long deadline, int index) implements Comparable<Entry> {
        @Override
        public int compareTo(Entry other) {
            return Long.compare(deadline, other.deadline);
        }
    }

    @ParameterizedTest
    @ValueSource(longs = {0, 1_234_567_890_123L, -1, Long.MIN_VALUE, -HOUR, Long.MAX_VALUE, Long.MAX_VALUE - HOUR})
    void isNeverEarlyAndLateByOneBucketAtMost(long from) {
        seed = System.nanoTime();
        random = new SplittableRandom(seed);
        origin = from;
        wheel = new DeadlineWheel(8, origin);
        for (operation = 0; operation < OPERATIONS; operation++) {
            int choice = random.nextInt(100);
            if (choice < 50) {
                armAny();
            } else if (choice < 70) {
                disarmAny();
            } else if (choice < 95) {
                now = soonest(now + random.nextLong(random.nextBoolean() ? MILLISECOND / 10 : 20 * MILLISECOND));
                expire();
            } else if (choice < 99) {
                now = Math.max(now, wake());
                expire();
            } else {
                leap();
            }
            check(wheel.armed() == count, "armed is %d", wheel.armed());
        }
        assertThat(expiries).as(context()).isGreaterThan(OPERATIONS / 20);
    }

    /** Advances at most to the time for which the wheel asked, so that lateness is the wheel's alone. */
    private long soonest(long wanted) {
        return Math.max(now, Math.min(wanted, wake()));
    }

    private long wake() {
        if (count == 0) {
            check(wheel.nextNanos() == Long.MAX_VALUE, "an empty wheel asks for %d ns", wheel.nextNanos());
            return now;
        }
        return wheel.nextNanos() - origin;
    }

    /** Time passes while nobody calls: what was armed is overdue, and is found at once. */
    private void leap() {
        long[] distances = {50 * MILLISECOND, 6_000 * MILLISECOND, HOUR};
        now += random.nextLong(distances[random.nextInt(random.nextInt(100) == 0 ? 3 : 2)]);
        drain(true);
    }

    private void expire() {
        drain(false);
    }

    private void drain(boolean leapt) {
        for (int entry = wheel.expired(origin + now); entry != -1; entry = wheel.expired(origin + now)) {
            check(armed[entry], "entry %d expired and was not armed", entry);
            long late = now - deadlines[entry];
            check(late >= 0, "an entry expired %d ns early", -late);
            check(leapt || behind || late <= allowance[entry], "an entry expired %d ns late", late);
            armed[entry] = false;
            count--;
            expiries++;
            switch (random.nextInt(8)) {
                case 0 -> arm(entry);
                case 1 -> armAny();
                case 2 -> disarmAny();
                default -> {}
            }
            if (random.nextInt(200) == 0) {
                behind |= leapt;
                return; // a loop may stop early to do other work, and go on later
            }
        }
        behind = false;
        while (!model.isEmpty() && stale(model.peek())) {
            model.poll();
        }
        Entry first = model.peek();
        check(
                first == null || first.deadline > now,
                "an entry that was due at %d did not expire",
                first == null ? 0 : first.deadline);
    }

    private boolean stale(Entry entry) {
        return !armed[entry.index] || deadlines[entry.index] != entry.deadline;
    }

    private void armAny() {
        int entry = random.nextInt(LARGEST);
        if (entry >= wheel.capacity()) {
            if (random.nextInt(1_000) == 0) {
                wheel.grow(Math.min(LARGEST, wheel.capacity() * 2));
            }
            entry = random.nextInt(wheel.capacity());
        }
        if (!armed[entry]) {
            arm(entry);
        }
    }

    private void arm(int entry) {
        long after = switch (random.nextInt(20)) {
            case 0 -> -random.nextLong(10 * MILLISECOND);
            case 1, 2, 3 -> random.nextLong(10);
            case 4, 5, 6, 7, 8, 9, 10, 11 -> random.nextLong(5 * MILLISECOND);
            case 12, 13, 14, 15 -> random.nextLong(1_000 * MILLISECOND);
            case 16, 17 -> random.nextLong(20_000 * MILLISECOND);
            case 18 -> random.nextLong(5 * HOUR);
            default -> random.nextLong(70 * YEAR);
        };
        deadlines[entry] = now + after;
        // What was overdue when it was armed, or when the loop stopped early, can only be found afterwards.
        allowance[entry] = BUCKET + Math.max(0, -after);
        armed[entry] = true;
        count++;
        model.add(new Entry(deadlines[entry], entry));
        if (random.nextBoolean()) {
            wheel.advance(origin + now);
        }
        wheel.arm(entry, origin + deadlines[entry]);
    }

    private void disarmAny() {
        int entry = random.nextInt(wheel.capacity());
        wheel.disarm(entry);
        if (armed[entry]) {
            armed[entry] = false;
            count--;
        }
    }

    private void check(boolean holds, String format, long number) {
        if (!holds) {
            throw new AssertionError(context() + ": " + String.format(Locale.ROOT, format, number));
        }
    }

    private String context() {
        return "seed " + seed + ", origin " + origin + ", operation " + operation + ", now " + now + ", armed " + count;
    }
}
