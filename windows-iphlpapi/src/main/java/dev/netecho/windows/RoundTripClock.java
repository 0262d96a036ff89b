// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Combines this process' monotonic clock and the system's whole milliseconds. */
final class RoundTripClock {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** The system's millisecond: the true time may be anywhere in it. */
    static final Duration UNCERTAINTY = Duration.ofNanos(MILLI);

    private RoundTripClock() {}

    /**
     * {@return the round-trip time: the process' clock, clamped into the system's millisecond}
     *
     * <p>The process' clock has fractions, but includes the time until the thread ran. The system's time excludes that,
     * but is coarse. On an idle machine the fractions count; under load the result never exceeds the system's
     * millisecond.
     *
     * @param ownNanos from before the call to the completion
     * @param systemMillis what the system measured
     */
    static long nanos(long ownNanos, long systemMillis) {
        long floor = systemMillis * MILLI;
        // SPEC TIM-3: never 0.
        return Math.max(1, Math.max(floor, Math.min(ownNanos, floor + MILLI - 1)));
    }

    /**
     * {@return whether an answer came after the deadline} Both clocks are upper bounds of different things: it is late
     * only if neither saw it in time.
     *
     * @param sinceSent from the return of the call to the completion
     * @param roundTrip what {@link #nanos} says
     * @param timeout the request's
     */
    static boolean isLate(long sinceSent, long roundTrip, long timeout) {
        return sinceSent > timeout && roundTrip > timeout;
    }
}
