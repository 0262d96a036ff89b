// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct timespec} of timespec(3type), and the clocks of clock_gettime(2).
 *
 * <pre>
 *  0 tv_sec   i64
 *  8 tv_nsec  i64
 * </pre>
 */
public final class Timespec {
    /** The size in bytes. */
    public static final int SIZE = 16;

    /** The clock of {@link Socket#SCM_TIMESTAMPNS}: nanoseconds since 1970, which may be stepped. */
    public static final int CLOCK_REALTIME = 0;

    /** The clock of {@link System#nanoTime()}. */
    public static final int CLOCK_MONOTONIC = 1;

    static final int SEC = 0;
    static final int NSEC = 8;

    private static final long NANOS_PER_SECOND = 1_000_000_000L;

    private Timespec() {}

    /**
     * Writes a time.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param nanos the time in nanoseconds, at least 0
     */
    public static void put(ByteBuffer buffer, int offset, long nanos) {
        buffer.putLong(offset + SEC, nanos / NANOS_PER_SECOND);
        buffer.putLong(offset + NSEC, nanos % NANOS_PER_SECOND);
    }

    /** {@return the time in nanoseconds; exact until the year 2262} */
    public static long nanos(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + SEC) * NANOS_PER_SECOND + buffer.getLong(offset + NSEC);
    }
}
