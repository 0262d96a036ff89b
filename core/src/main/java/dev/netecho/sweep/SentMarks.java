// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

/**
 * Which position of a pass was the next one to be sent at which time: so it is known for which positions the time for
 * an answer is over. Times are those of {@link System#nanoTime}. Not thread-safe.
 */
final class SentMarks {
    /** They cover twice the time for an answer. */
    private static final int MARKS = 64;

    private final long settleNanos;
    private final long between;
    private final long[] positions = new long[MARKS];
    private final long[] nanos = new long[MARKS];
    private int marks;

    /** The first position that this pass asked in this run, and the next to be sent. */
    private long start;

    private long next;

    private long lastNanos;

    /** A position is settled this long after it was sent. */
    SentMarks(long settleNanos) {
        this.settleNanos = settleNanos;
        this.between = settleNanos / (MARKS / 2);
    }

    /** Begins a pass, or continues it; positions before this one are settled. */
    void begin(long position, long now) {
        start = position;
        next = position;
        lastNanos = now - settleNanos;
        positions[0] = position;
        nanos[0] = lastNanos;
        marks = 1;
    }

    /** Positions before this one have been sent now. */
    void sent(long position, long now) {
        next = position;
        lastNanos = now;
        if (now - nanos[marks - 1] < between) {
            return;
        }
        if (marks == MARKS) {
            System.arraycopy(positions, 1, positions, 0, MARKS - 1);
            System.arraycopy(nanos, 1, nanos, 0, MARKS - 1);
            marks--;
        }
        positions[marks] = position;
        nanos[marks++] = now;
    }

    /** Positions before this one are not sent in this pass. */
    void skipped(long position) {
        next = position;
    }

    /** {@return the first position of this pass in this run} */
    long start() {
        return start;
    }

    /** {@return the first position that was not settled at a time, or one before it} */
    long settledAt(long time) {
        if (time - lastNanos >= settleNanos) {
            return next;
        }
        long settled = start;
        for (int i = 0; i < marks && time - nanos[i] >= settleNanos; i++) {
            settled = positions[i];
        }
        return settled;
    }
}
