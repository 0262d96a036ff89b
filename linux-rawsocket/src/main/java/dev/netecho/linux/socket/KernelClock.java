// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;

/**
 * Turns the kernel's stamps of packets (CLOCK_REALTIME) into {@link System#nanoTime} values (CLOCK_MONOTONIC).
 *
 * <p>SPEC TIM-3. The difference of the two clocks is sampled between two readings of one of them, so that a preemption in between is
 * seen, and again after 100 ms, so that a clock that is set or slewed does no harm for long.
 */
public final class KernelClock implements AutoCloseable {
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
     * {@return when the kernel stamped a packet, as a {@link System#nanoTime} value between {@code earliest} and {@code
     * latest}; {@link #UNUSABLE} if the stamp is missing or more than a millisecond outside of that range}
     *
     * @param stamp the kernel's stamp, 0 if there is none
     * @param earliest before it can have been stamped: of a reply, when its request was sent
     * @param latest a time after that
     */
    public long nanoTime(long stamp, long earliest, long latest) {
        if (stamp == 0) {
            return UNUSABLE;
        }
        if (!sampled || latest - sampledAt > RESAMPLE_NANOS) {
            sample();
        }
        if (!isPossible(stamp - realMinusNano, earliest, latest)) {
            sample(); // the wall clock was set: either this stamp is of the new time, or of the old and lost
            if (!isPossible(stamp - realMinusNano, earliest, latest)) {
                return UNUSABLE;
            }
        }
        long time = stamp - realMinusNano;
        return time - earliest < 0 ? earliest : Math.min(time, latest);
    }

    private static boolean isPossible(long time, long earliest, long latest) {
        return time - earliest >= -TOLERANCE_NANOS && time - latest <= TOLERANCE_NANOS;
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
