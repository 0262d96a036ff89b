// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct iovec} of iovec(3type).
 *
 * <pre>
 *  0 iov_base  pointer
 *  8 iov_len   size_t
 * </pre>
 */
public final class Iovec {
    /** The size in bytes. */
    public static final int SIZE = 16;

    static final int BASE = 0;
    static final int LEN = 8;

    private Iovec() {}

    /**
     * Writes both fields.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param base the address of the data
     * @param length the number of bytes there
     */
    public static void put(ByteBuffer buffer, int offset, long base, long length) {
        buffer.putLong(offset + BASE, base);
        buffer.putLong(offset + LEN, length);
    }

    /** Sets the number of bytes, and leaves the address as it is. */
    public static void setLength(ByteBuffer buffer, int offset, long length) {
        buffer.putLong(offset + LEN, length);
    }

    /** {@return the address of the data} */
    public static long base(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + BASE);
    }

    /** {@return the number of bytes there} */
    public static long length(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + LEN);
    }
}
