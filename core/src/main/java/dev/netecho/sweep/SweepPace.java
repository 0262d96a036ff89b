// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.util.concurrent.TimeUnit;

/** How many probes may be sent now. Not thread-safe. */
final class SweepPace {
    /** A thread that wakes late may catch up with this much. */
    private static final long TOLERANCE_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private double nanosBetween;
    private final long origin;

    /** When the next one is due, with its fraction of a nanosecond. */
    private double due;

    SweepPace(int rate, long nowNanos) {
        this.nanosBetween = 1e9 / rate;
        this.origin = nowNanos;
    }

    void slowDown() {
        nanosBetween *= 2;
    }

    /** {@return how many are due, up to a number} */
    int available(long nowNanos, int most) {
        double now = nowNanos - origin;
        due = Math.max(due, now - TOLERANCE_NANOS);
        return due > now ? 0 : (int) Math.min(most, (now - due) / nanosBetween + 1);
    }

    void sent(int count) {
        due += count * nanosBetween;
    }

    /** {@return how long to wait for the next; 0 if it is due} */
    long waitNanos(long nowNanos) {
        return Math.max(0, (long) Math.ceil(due - (nowNanos - origin)));
    }

    /** {@return how long this many take} */
    double nanos(long count) {
        return count * nanosBetween;
    }
}
