// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;

/**
 * Turns the kernel's stamps of packets (CLOCK_REALTIME) into {@link System#nanoTime} values (CLOCK_MONOTONIC).
 *
 * <p>SPEC TIM-3. The difference of the two clocks is sampled between two readings of one of them, so that a preemption
 * in between is seen. Slewing moves both clocks alike, so the difference changes only when the wall clock is set.
 * {@link #look} checks for that with every batch of packets. A stamp that could be from before or after the change is
 * not used.
 */
public final class KernelClock implements AutoCloseable {
    /** The stamp is missing, cannot be right, or means two different times because the wall clock was set. */
    public static final long UNUSABLE = Long.MIN_VALUE;

    private static final long RESAMPLE_NANOS = 100_000_000;
    private static final long GOOD_BRACKET_NANOS = 1_500;
    private static final int ATTEMPTS = 5;
    private static final long MILLISECOND = 1_000_000;

    /**
     * A step of 2 ms (SPEC TIM-3) looks like one of 1.5 to 2.5. The wall clock is read in whole milliseconds, rounded
     * down, and is on average half of one later. That costs as much as one {@link System#nanoTime}; a sample reads
     * three clocks.
     */
    private static final long SET_NANOS = 3 * MILLISECOND / 2;

    private final SystemClocks clocks;
    private long realMinusNano;
    private long errorNanos;
    private long sampledAt;
    private boolean sampled;

    /** Before the wall clock was last set, which {@link #setSeenAt} says; only if {@link #wasSet}. */
    private long earlierRealMinusNano;

    private long setSeenAt;
    private boolean wasSet;

    /** When an earlier change was noticed: the difference before that one is not known any more. */
    private long earlierSetSeenAt;

    private boolean wasSetEarlier;

    /** The clocks of the system. */
    interface SystemClocks extends AutoCloseable {
        /** {@return {@link System#nanoTime}} */
        long monotonicNanos();

        /** {@return CLOCK_REALTIME in nanoseconds} */
        long realNanos();

        /** {@return CLOCK_REALTIME in milliseconds, rounded down} */
        long realMillis();

        @Override
        void close();
    }

    /** Constructs a clock that has not read the system's clocks yet. */
    public KernelClock() {
        this(new RealClocks());
    }

    KernelClock(SystemClocks clocks) {
        this.clocks = clocks;
    }

    /**
     * Notices whether the wall clock was set by 2 ms or more. Call it after reading a batch of packets and before using
     * their stamps. A smaller step is noticed within 100 ms.
     *
     * @param now a reading of {@link System#nanoTime} since the batch was read
     */
    public void look(long now) {
        if (!sampled || now - sampledAt > RESAMPLE_NANOS) {
            sample();
            return;
        }
        long off = clocks.realMillis() * MILLISECOND + MILLISECOND / 2 - (now + realMinusNano);
        if (off <= -SET_NANOS || off >= SET_NANOS) {
            // A thread that lost its processor between the readings also gets here, and finds no change.
            sample();
        }
    }

    /**
     * {@return when the kernel stamped a packet, as a {@link System#nanoTime} value between {@code earliest} and
     * {@code latest}; {@link #UNUSABLE} if the stamp is missing, outside that range, or ambiguous}
     *
     * @param stamp the kernel's stamp, 0 if there is none
     * @param earliest a time before the stamp: for a reply, when its request was sent
     * @param latest a time after that
     */
    public long nanoTime(long stamp, long earliest, long latest) {
        if (stamp == 0) {
            return UNUSABLE;
        }
        if (!sampled || (!isPossible(stamp - realMinusNano, earliest, latest) && sampledAt - latest < 0)) {
            sample();
        }
        if (wasSetEarlier && earliest - earlierSetSeenAt < 0) {
            // The clock was set twice since, so that the stamp could mean a third time.
            return UNUSABLE;
        }
        long time = stamp - realMinusNano;
        boolean possible = isPossible(time, earliest, latest);
        if (wasSet) {
            long before = stamp - earlierRealMinusNano;
            if (isPossible(before, earliest, latest - setSeenAt < 0 ? latest : setSeenAt)) {
                if (possible) {
                    return UNUSABLE; // stamped before the clock was set, or after
                }
                time = before;
                possible = true;
            }
        }
        if (!possible) {
            return UNUSABLE;
        }
        return time - earliest < 0 ? earliest : time - latest > 0 ? latest : time;
    }

    /** {@return how far a result of {@link #nanoTime} may be from the truth; at least 1} */
    public long errorNanos() {
        return errorNanos;
    }

    private boolean isPossible(long time, long earliest, long latest) {
        return time - earliest >= -errorNanos && time - latest <= errorNanos;
    }

    private void sample() {
        long bracket = Long.MAX_VALUE;
        long difference = 0;
        for (int i = 0; i < ATTEMPTS && bracket > GOOD_BRACKET_NANOS; i++) {
            long before = clocks.monotonicNanos();
            long real = clocks.realNanos();
            long after = clocks.monotonicNanos();
            if (after - before < bracket) {
                bracket = after - before;
                difference = real - (before + bracket / 2);
            }
            sampledAt = after;
        }
        long error = bracket + 1; // twice what the middle of the bracket can be off
        if (sampled) {
            if (Math.abs(difference - realMinusNano) <= Math.max(error, errorNanos)) {
                if (error >= errorNanos) {
                    return; // the same difference, already known better
                }
            } else {
                earlierSetSeenAt = setSeenAt;
                wasSetEarlier = wasSet;
                earlierRealMinusNano = realMinusNano;
                setSeenAt = sampledAt;
                wasSet = true;
            }
        }
        realMinusNano = difference;
        errorNanos = error;
        sampled = true;
    }

    @Override
    public void close() {
        clocks.close();
    }

    private static final class RealClocks implements SystemClocks {
        private final NativeMemory memory = NativeMemory.allocate(Timespec.SIZE);

        @Override
        public long monotonicNanos() {
            return System.nanoTime();
        }

        @Override
        public long realNanos() {
            if (LibC.clock_gettime(Timespec.CLOCK_REALTIME, memory.address()) < 0) {
                return 0; // the buffer still holds an earlier reading; with 1970 no stamp is used
            }
            return Timespec.nanos(memory.buffer(), 0);
        }

        @Override
        public long realMillis() {
            return System.currentTimeMillis();
        }

        @Override
        public void close() {
            memory.close();
        }
    }
}
