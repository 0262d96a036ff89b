// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import java.nio.ByteBuffer;

/**
 * The fixed IPv6 header (RFC 8200, section 3), as ICMPv6 errors quote it; a raw ICMPv6 socket delivers none.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version| Traffic Class |           Flow Label                  |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Payload Length        |  Next Header  |   Hop Limit   |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * +                                                               +
 * |                                                               |
 * +                         Source Address                        +
 * |                                                               |
 * +                                                               +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                                                               |
 * +                                                               +
 * |                                                               |
 * +                      Destination Address                      +
 * |                                                               |
 * +                                                               +
 * |                                                               |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The accessors check nothing: call them after {@link #headerLength} has answered other than 0.
 */
public final class Ipv6Header {
    /** Bytes of the header; extension headers, if any, follow it. */
    public static final int LENGTH = 40;

    private static final int PAYLOAD_LENGTH_OFFSET = 4;
    private static final int NEXT_HEADER_OFFSET = 6;
    private static final int HOP_LIMIT_OFFSET = 7;
    static final int SOURCE_OFFSET = 8;
    private static final int DESTINATION_OFFSET = 24;

    private Ipv6Header() {}

    /**
     * {@return {@link #LENGTH}, or 0 if no whole IPv6 header lies here: fewer than 40 bytes, or another version}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     * @param length bytes that are there, 0 or more
     */
    public static int headerLength(ByteBuffer buffer, int offset, int length) {
        return length >= LENGTH && (buffer.get(offset) & 0xf0) == 0x60 ? LENGTH : 0;
    }

    /**
     * {@return the traffic class (DSCP and ECN), 0 to 255}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int trafficClass(ByteBuffer buffer, int offset) {
        return (NetworkOrder.getUnsignedShort(buffer, offset) >>> 4) & 0xff;
    }

    /**
     * {@return the bytes after this header that it states, 0 to 65535; a claim, to be compared with what is there}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int payloadLength(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + PAYLOAD_LENGTH_OFFSET);
    }

    /**
     * {@return the next header, 0 to 255; ICMPv6 is 58}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int nextHeader(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset + NEXT_HEADER_OFFSET));
    }

    /**
     * {@return the hop limit, 0 to 255}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int hopLimit(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset + HOP_LIMIT_OFFSET));
    }

    /**
     * {@return the first eight bytes of the source address}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static long sourceHigh(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + SOURCE_OFFSET);
    }

    /**
     * {@return the last eight bytes of the source address}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static long sourceLow(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + SOURCE_OFFSET + Long.BYTES);
    }

    /**
     * {@return the first eight bytes of the destination address}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static long destinationHigh(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + DESTINATION_OFFSET);
    }

    /**
     * {@return the last eight bytes of the destination address}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static long destinationLow(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + DESTINATION_OFFSET + Long.BYTES);
    }
}
