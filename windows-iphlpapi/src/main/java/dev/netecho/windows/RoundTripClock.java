// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** Our monotonic clock and the system's whole milliseconds, put together. */
final class RoundTripClock {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    /** The system's millisecond: the true time may be anywhere in it. */
    static final Duration UNCERTAINTY = Duration.ofNanos(MILLI);

    private RoundTripClock() {}

    /**
     * {@return the round-trip time: our own clock, clamped into the system's millisecond}
     *
     * <p>Our clock has fractions but includes queueing until the thread ran; the system's does not but is coarse. Alone
     * on the wire the fractions count; under load never more is said than the system says.
     *
     * @param ownNanos from before the call to the completion
     * @param systemMillis what the system measured
     */
    static long nanos(long ownNanos, long systemMillis) {
        long floor = systemMillis * MILLI;
        return Math.max(1, Math.max(floor, Math.min(ownNanos, floor + MILLI - 1))); // SPEC TIM-3: never 0
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
