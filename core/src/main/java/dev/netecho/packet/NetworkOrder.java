// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Fields of two, four and eight bytes in network byte order, at any alignment of a buffer in any order.
 *
 * <p>One wide access and a swap instead of single bytes, because this runs several times for each packet.
 */
public final class NetworkOrder {
    private NetworkOrder() {}

    /**
     * {@return a field of two bytes, 0 to 65,535}
     *
     * @param buffer where it is
     * @param index its first byte
     */
    public static int getUnsignedShort(ByteBuffer buffer, int index) {
        short value = buffer.getShort(index);
        return Short.toUnsignedInt(isNetworkOrder(buffer) ? value : Short.reverseBytes(value));
    }

    /**
     * {@return a field of four bytes}
     *
     * @param buffer where it is
     * @param index its first byte
     */
    public static int getInt(ByteBuffer buffer, int index) {
        int value = buffer.getInt(index);
        return isNetworkOrder(buffer) ? value : Integer.reverseBytes(value);
    }

    /**
     * {@return a field of eight bytes}
     *
     * @param buffer where it is
     * @param index its first byte
     */
    public static long getLong(ByteBuffer buffer, int index) {
        long value = buffer.getLong(index);
        return isNetworkOrder(buffer) ? value : Long.reverseBytes(value);
    }

    /**
     * Writes a field of two bytes.
     *
     * @param buffer where to
     * @param index its first byte
     * @param value the value
     */
    public static void putShort(ByteBuffer buffer, int index, int value) {
        short low = (short) value;
        buffer.putShort(index, isNetworkOrder(buffer) ? low : Short.reverseBytes(low));
    }

    /**
     * Writes a field of four bytes.
     *
     * @param buffer where to
     * @param index its first byte
     * @param value the value
     */
    public static void putInt(ByteBuffer buffer, int index, int value) {
        buffer.putInt(index, isNetworkOrder(buffer) ? value : Integer.reverseBytes(value));
    }

    /**
     * Writes a field of eight bytes.
     *
     * @param buffer where to
     * @param index its first byte
     * @param value the value
     */
    public static void putLong(ByteBuffer buffer, int index, long value) {
        buffer.putLong(index, isNetworkOrder(buffer) ? value : Long.reverseBytes(value));
    }

    private static boolean isNetworkOrder(ByteBuffer buffer) {
        return buffer.order() == ByteOrder.BIG_ENDIAN;
    }
}
