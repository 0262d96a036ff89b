// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The data of an echo request whose sender did not choose its content.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                             Token                             |
 * +                                                               +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     0x08      |     0x09      |     0x0a      |     0x0b      |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     0x0c ...  byte i is i modulo 256, as ping(8) of iputils fills it
 * +-+-+-+-+-+-+-+-+-
 * </pre>
 *
 * <p>Below eight bytes there is no room for a token and the whole payload is the pattern, from 0x00 on.
 */
public final class DefaultPayload {
    /** Bytes of the token, and the smallest size that has one. */
    public static final int TOKEN_LENGTH = 8;

    private static final long FIRST_EIGHT = 0x0001_0203_0405_0607L;
    private static final long EVERY_BYTE = 0x0101_0101_0101_0101L;

    private DefaultPayload() {}

    /**
     * Writes a payload.
     *
     * @param buffer receives the bytes
     * @param offset index of the first data byte
     * @param size data bytes, 0 or more
     * @param token written if the size is at least {@link #TOKEN_LENGTH}
     */
    public static void put(ByteBuffer buffer, int offset, int size, long token) {
        int i = 0;
        if (size >= TOKEN_LENGTH) {
            putToken(buffer, offset, token);
            i = TOKEN_LENGTH;
        }
        long first = firstEight(buffer);
        for (int last = size - Long.BYTES; i <= last; i += Long.BYTES) {
            buffer.putLong(offset + i, first + stepTo(i));
        }
        for (; i < size; i++) {
            buffer.put(offset + i, (byte) i);
        }
    }

    /**
     * Writes the token alone, into a payload whose pattern is in place already.
     *
     * @param buffer receives {@link #TOKEN_LENGTH} bytes
     * @param offset index of the first data byte
     * @param token the token
     */
    public static void putToken(ByteBuffer buffer, int offset, long token) {
        NetworkOrder.putLong(buffer, offset, token);
    }

    /**
     * {@return the token of a payload of at least {@link #TOKEN_LENGTH} bytes}
     *
     * @param buffer holds the payload
     * @param offset index of the first data byte
     */
    public static long token(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset);
    }

    /**
     * {@return whether all bytes but those of the token are as {@link #put} writes them}
     *
     * @param buffer holds the payload
     * @param offset index of the first data byte
     * @param size data bytes, 0 or more
     */
    public static boolean matchesPattern(ByteBuffer buffer, int offset, int size) {
        int i = size >= TOKEN_LENGTH ? TOKEN_LENGTH : 0;
        long first = firstEight(buffer);
        for (int last = size - Long.BYTES; i <= last; i += Long.BYTES) {
            if (buffer.getLong(offset + i) != first + stepTo(i)) {
                return false;
            }
        }
        for (; i < size; i++) {
            if (buffer.get(offset + i) != (byte) i) {
                return false;
            }
        }
        return true;
    }

    /** The bytes 0 to 7 as a number of the buffer's order, so that no word needs to be swapped. */
    private static long firstEight(ByteBuffer buffer) {
        return buffer.order() == ByteOrder.BIG_ENDIAN ? FIRST_EIGHT : Long.reverseBytes(FIRST_EIGHT);
    }

    /**
     * What the eight bytes at {@code i}, a multiple of eight, exceed the first eight by; no byte overflows into the
     * next.
     */
    private static long stepTo(int i) {
        return (i & 0xffL) * EVERY_BYTE;
    }
}
