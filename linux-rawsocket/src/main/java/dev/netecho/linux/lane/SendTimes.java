// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.linux.socket.SendBatch;

/**
 * When each packet of a batch left (SPEC TIM-3). The kernel takes the packets of one sendmmsg(2) one after the other and says when only
 * if it is asked for each, which costs too much here; so their times are spread evenly over the call.
 *
 * <p>But a call in which this thread lost its processor takes milliseconds, and spread over the packets they would make round
 * trips shorter than they were (measured: 18 ms for 20 on a busy machine). So no packet is taken to need more than twice what
 * packets usually need: then such a pause makes round trips longer, by itself at most, as it does for every program that reads
 * the clock before it sends. Where the pause was cannot be known: {@link RoundTrip} tells the whole call as uncertainty.
 */
final class SendTimes {
    private static final long FIRST_NANOS = 1_000;

    /** Calls that count about equally in what is usual: few, so that a slower device is soon believed. */
    private static final int WEIGHT_SHIFT = 3;

    /** So that {@link #afterStart} is an int for every packet of a batch. */
    private static final long MOST_NANOS = Integer.MAX_VALUE / SendBatch.CAPACITY;

    private long usualNanos = FIRST_NANOS;
    private long start;
    private long step;

    /** Says that {@code count} packets went with a call between these two times. */
    void call(long before, long after, int count) {
        long each = (after - before) / count;
        start = before;
        step = Math.min(each, Math.min(2 * usualNanos, MOST_NANOS));
        // Four times, so that one pause does not look usual from now on, while a device that became slow does after a
        // few calls.
        usualNanos = Math.max(1, usualNanos + ((Math.min(each, 4 * usualNanos) - usualNanos) >> WEIGHT_SHIFT));
    }

    /** {@return when packet {@code index} of the last call left by estimate, as a {@link System#nanoTime} value} */
    long of(int index) {
        return start + index * step;
    }

    /** {@return how long after the beginning of the last call that is} */
    int afterStart(int index) {
        return (int) (index * step);
    }
}
