// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;

/**
 * Turns the kernel's receive stamps (CLOCK_REALTIME) into {@link System#nanoTime} values (CLOCK_MONOTONIC).
 *
 * <p>SPEC TIM-3. The difference of the two clocks is sampled between two readings of one of them, so that a preemption in between is
 * seen, and again after 100 ms, so that a clock that is set or slewed does no harm for long.
 */
public final class ReceiveClock implements AutoCloseable {
    /** The stamp cannot be right: the wall clock was set. */
    public static final long UNUSABLE = Long.MIN_VALUE;

    private static final long RESAMPLE_NANOS = 100_000_000;
    private static final long GOOD_BRACKET_NANOS = 1_500;
    private static final int ATTEMPTS = 5;
    private static final long TOLERANCE_NANOS = 1_000_000;

    private final NativeMemory memory = NativeMemory.allocate(Timespec.SIZE);
    private long realMinusNano;
    private long sampledAt;
    private boolean sampled;

    /**
     * {@return when a packet arrived, as a {@link System#nanoTime} value between {@code sent} and {@code now}; {@link
     * #UNUSABLE} if the stamp is missing or more than a millisecond outside of that range}
     *
     * @param stamp the kernel's stamp, 0 if there is none
     * @param sent when the request was sent
     * @param now a time after the packet was read
     */
    public long arrival(long stamp, long sent, long now) {
        if (stamp == 0) {
            return UNUSABLE;
        }
        if (!sampled || now - sampledAt > RESAMPLE_NANOS) {
            sample();
        }
        if (!isPossible(stamp - realMinusNano, sent, now)) {
            sample(); // the wall clock was set: either this stamp is of the new time, or of the old and lost
            if (!isPossible(stamp - realMinusNano, sent, now)) {
                return UNUSABLE;
            }
        }
        long arrival = stamp - realMinusNano;
        return arrival - sent < 0 ? sent : Math.min(arrival, now);
    }

    private static boolean isPossible(long arrival, long sent, long now) {
        return arrival - sent >= -TOLERANCE_NANOS && arrival - now <= TOLERANCE_NANOS;
    }

    private void sample() {
        long best = Long.MAX_VALUE;
        for (int i = 0; i < ATTEMPTS && best > GOOD_BRACKET_NANOS; i++) {
            long before = System.nanoTime();
            LibC.clock_gettime(Timespec.CLOCK_REALTIME, memory.address());
            long after = System.nanoTime();
            if (after - before < best) {
                best = after - before;
                realMinusNano = Timespec.nanos(memory.buffer(), 0) - (before + (after - before) / 2);
                sampledAt = after;
            }
        }
        sampled = true;
    }

    @Override
    public void close() {
        memory.close();
    }
}
