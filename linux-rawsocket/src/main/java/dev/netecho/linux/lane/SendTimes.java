// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

/**
 * When each packet of a batch left (SPEC TIM-3). The kernel takes the packets of one sendmmsg(2) one after the other and says when only
 * if it is asked for each, which costs too much here; so their times are spread evenly over the call.
 *
 * <p>But a call in which this thread lost its processor takes milliseconds, and spread over the packets they would make round
 * trips shorter than they were (measured: 18 ms for 20 on a busy machine). So no packet is taken to need more than twice what
 * packets usually need: then such a pause makes round trips longer, by itself at most, as it does for every program that reads
 * the clock before it sends.
 */
final class SendTimes {
    private static final long FIRST_NANOS = 1_000;

    /** Calls that count about equally in what is usual: few, so that a slower device is soon believed. */
    private static final int WEIGHT_SHIFT = 3;

    private long usualNanos = FIRST_NANOS;
    private long start;
    private long step;

    /** Says that {@code count} packets went with a call between these two times. */
    void call(long before, long after, int count) {
        long each = (after - before) / count;
        start = before;
        step = Math.min(each, 2 * usualNanos);
        // Four times, so that one pause does not look usual from now on, while a device that became slow does after a
        // few calls.
        usualNanos = Math.max(1, usualNanos + ((Math.min(each, 4 * usualNanos) - usualNanos) >> WEIGHT_SHIFT));
    }

    /** {@return when packet {@code index} of the last call left, as a {@link System#nanoTime} value} */
    long of(int index) {
        return start + index * step;
    }
}
