// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/**
 * When each request is due. Rounds begin at absolute times, so nothing drifts. Within a round the targets follow one
 * another, so thousands do not leave in one burst. Not thread-safe.
 */
final class SendSchedule {
    /** Between two targets of a round: 10,000 requests a second, unless the interval leaves less time. */
    private static final long LONGEST_SPACING_NANOS = 100_000;

    /** Between two requests of a burst, unless the targets or the interval want another time. */
    private static final long BURST_GAP_NANOS = 100_000_000;

    private final long intervalNanos;
    private final long spacingNanos;
    private final int targets;
    private final long rounds;
    private final int preload;
    private final int burst;
    private final long gapNanos;
    private long roundStart;
    private long round;
    private int target;

    /**
     * Constructs a schedule whose first request is due at once.
     *
     * @param startNanos now, in the clock of {@link System#nanoTime}
     * @param intervalNanos between two requests to one target, or the starts of two bursts
     * @param targets how many
     * @param rounds how many requests each target gets; {@link Long#MAX_VALUE} for no end
     * @param preload how many rounds are due at once
     * @param burst how many rounds are one burst; 1 for no bursts
     */
    SendSchedule(long startNanos, long intervalNanos, int targets, long rounds, int preload, int burst) {
        this.roundStart = startNanos;
        this.intervalNanos = intervalNanos;
        // A round ends before the next begins, and a burst before the next burst.
        this.gapNanos = Math.min(intervalNanos / burst, Math.max(BURST_GAP_NANOS, targets * LONGEST_SPACING_NANOS));
        this.spacingNanos = Math.min(LONGEST_SPACING_NANOS, (burst == 1 ? intervalNanos : gapNanos) / targets);
        this.targets = targets;
        this.rounds = rounds;
        this.preload = preload;
        this.burst = burst;
    }

    boolean hasNext() {
        return round < rounds;
    }

    long dueNanos() {
        return roundStart + target * spacingNanos;
    }

    int target() {
        return target;
    }

    long sequence() {
        return round + 1;
    }

    void advance() {
        if (++target == targets) {
            target = 0;
            round++;
            roundStart += round < preload ? 0 : untilNextRound();
        }
    }

    private long untilNextRound() {
        return round % burst == 0 ? intervalNanos - (burst - 1) * gapNanos : gapNanos;
    }

    /** Makes the next round due now, if it has not begun, but not sooner than {@code least} after the last one. */
    void hasten(long nowNanos, long least) {
        if (target == 0 && round >= preload) {
            long earliest = Math.max(nowNanos, roundStart - intervalNanos + least);
            roundStart = Math.min(roundStart, earliest);
        }
    }

    /**
     * Moves everything later if more than an interval was missed, for instance because the machine was suspended. What
     * was missed is sent late, never in one burst.
     */
    void catchUp(long nowNanos) {
        long late = nowNanos - dueNanos();
        if (late > intervalNanos) {
            roundStart += late;
        }
    }

    /** {@return how many requests to a target have been taken so far} */
    long begun(int index) {
        return index < target ? round + 1 : round;
    }
}
