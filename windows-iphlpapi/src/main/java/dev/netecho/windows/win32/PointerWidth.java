// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.ByteBuffer;

/** The width of a pointer in this process, which decides the layouts. ARM64 has those of x64. */
public enum PointerWidth {
    /** A 32-bit process, also on a 64-bit system. */
    BITS_32(4),
    /** A 64-bit process. */
    BITS_64(8);

    private final int bytes;

    PointerWidth(int bytes) {
        this.bytes = bytes;
    }

    /** {@return 4 or 8} */
    public int bytes() {
        return bytes;
    }

    long get(ByteBuffer buffer, int offset) {
        return this == BITS_64 ? buffer.getLong(offset) : Integer.toUnsignedLong(buffer.getInt(offset));
    }

    void put(ByteBuffer buffer, int offset, long value) {
        if (this == BITS_64) {
            buffer.putLong(offset, value);
        } else {
            buffer.putInt(offset, (int) value);
        }
    }
}
