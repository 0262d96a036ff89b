// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

/**
 * How long an answer took, and how exactly that is known (SPEC TIM-3).
 *
 * <p>Only this is certain: the request left between two readings of the clock around its system call, and before its
 * answer arrived. When it left within that span is an estimate ({@link SendTimes}). The uncertainty covers the whole
 * span.
 *
 * <p>One object serves all answers of a thread, so that measuring allocates nothing. Not thread-safe.
 */
public final class RoundTrip {
    private long nanos;
    private long uncertaintyNanos;

    /** Constructs a round trip that was not measured yet. */
    public RoundTrip() {}

    /**
     * Measures an answer that the system has stamped. All times are {@link System#nanoTime} values.
     *
     * @param earliest the clock before the system call that sent the request
     * @param departure when the request left by estimate, not before {@code earliest}
     * @param latest the clock after the system call
     * @param arrival when the answer arrived, from {@code earliest} to {@code latest} plus {@code timeout}
     * @param clockError how far {@code arrival} may be off
     * @param timeout the request's timeout, which no reported time exceeds
     */
    public void ofStamped(long earliest, long departure, long latest, long arrival, long clockError, long timeout) {
        long departed = departure(earliest, departure, arrival, timeout);
        long last = arrival - latest < 0 ? arrival : latest;
        nanos = Math.max(1, arrival - departed);
        uncertaintyNanos = Math.max(departed - earliest, last - departed) + clockError;
    }

    /**
     * Measures an answer without a stamp: it may have arrived at any time before it was read.
     *
     * @param earliest the clock before the system call that sent the request
     * @param departure when the request left by estimate, not before {@code earliest}
     * @param readAt when it was read
     * @param timeout the request's timeout, which no reported time exceeds
     */
    public void ofUnstamped(long earliest, long departure, long readAt, long timeout) {
        long departed = departure(earliest, departure, readAt, timeout);
        nanos = Math.max(1, readAt - departed);
        uncertaintyNanos = Math.max(nanos, departed - earliest);
    }

    private static long departure(long earliest, long departure, long arrival, long timeout) {
        // An answer may refute the estimate: then the thread lost its processor after this packet and not before it.
        long departed = arrival - departure > 0 ? departure : earliest + (arrival - earliest) / 2;
        // The timeout counts from the end of the call. So an answer in time that looks late is one to a packet that
        // left late.
        return arrival - departed > timeout ? arrival - timeout : departed;
    }

    /** {@return the round-trip time in nanoseconds, at least 1} */
    public long nanos() {
        return nanos;
    }

    /** {@return how far the true round-trip time may be from {@link #nanos}, to either side} */
    public long uncertaintyNanos() {
        return uncertaintyNanos;
    }
}
