// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/** Big-endian fields in a buffer of native order, which is little-endian on every supported architecture. */
final class NetworkOrder {
    private NetworkOrder() {}

    static void putShort(ByteBuffer buffer, int offset, int value) {
        buffer.putShort(offset, Short.reverseBytes((short) value));
    }

    static int getShort(ByteBuffer buffer, int offset) {
        return Short.reverseBytes(buffer.getShort(offset)) & 0xffff;
    }

    static void putInt(ByteBuffer buffer, int offset, int value) {
        buffer.putInt(offset, Integer.reverseBytes(value));
    }

    static int getInt(ByteBuffer buffer, int offset) {
        return Integer.reverseBytes(buffer.getInt(offset));
    }

    static void putLong(ByteBuffer buffer, int offset, long value) {
        buffer.putLong(offset, Long.reverseBytes(value));
    }

    static long getLong(ByteBuffer buffer, int offset) {
        return Long.reverseBytes(buffer.getLong(offset));
    }
}
