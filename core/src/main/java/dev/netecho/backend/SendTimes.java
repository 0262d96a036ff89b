// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

/**
 * When each packet of a batch left (SPEC TIM-3). One system call sends the whole batch and does not say when each
 * packet left. So their times are spread evenly over the call.
 *
 * <p>A call in which the thread loses its processor takes milliseconds. Spread over the packets, these would make round
 * trips shorter than they were (measured: 18 ms for 20 on a busy machine). So no packet is assumed to need more than
 * twice what packets usually need. Then a pause makes round trips longer, as in every program that reads the clock
 * before it sends. Where in the call the pause was cannot be known: {@link RoundTrip} reports the whole call as
 * uncertainty.
 *
 * <p>Times are {@link System#nanoTime} values. Not thread-safe.
 */
public final class SendTimes {
    private static final long FIRST_NANOS = 1_000;

    /** Calls that count about equally in what is usual: few, because a slower device is to be believed soon. */
    private static final int WEIGHT_SHIFT = 3;

    /** So that {@link #afterStart} is an int for every packet of a batch. */
    private final long mostNanos;

    private long usualNanos = FIRST_NANOS;
    private long start;
    private long step;

    /**
     * Constructs times of batches.
     *
     * @param batch how many packets a batch may have
     */
    public SendTimes(int batch) {
        this.mostNanos = Integer.MAX_VALUE / batch;
    }

    /**
     * Says that a call sent packets.
     *
     * @param before the time before the call
     * @param after the time after the call
     * @param count how many packets it sent, at least 1
     */
    public void call(long before, long after, int count) {
        long each = (after - before) / count;
        start = before;
        step = Math.min(each, Math.min(2 * usualNanos, mostNanos));
        // Four times, so that one pause does not look usual from now on, while a device that became slow does after a
        // few calls.
        usualNanos = Math.max(1, usualNanos + ((Math.min(each, 4 * usualNanos) - usualNanos) >> WEIGHT_SHIFT));
    }

    /**
     * {@return when a packet of the last call left, by estimate}
     *
     * @param index the packet's number in the call, from 0
     */
    public long of(int index) {
        return start + index * step;
    }

    /**
     * {@return how many nanoseconds after the beginning of the last call that was}
     *
     * @param index the packet's number in the call, from 0
     */
    public int afterStart(int index) {
        return (int) (index * step);
    }
}
