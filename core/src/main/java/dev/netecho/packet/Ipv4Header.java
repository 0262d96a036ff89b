// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import java.nio.ByteBuffer;

/**
 * The IPv4 header (RFC 791, section 3.1), as a raw socket delivers it and as ICMP errors quote it.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version|  IHL  |Type of Service|          Total Length         |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |         Identification        |Flags|      Fragment Offset    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Time to Live |    Protocol   |         Header Checksum       |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                       Source Address                          |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Destination Address                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                    Options                    |    Padding    |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>The accessors check nothing: call them after {@link #headerLength} has answered other than 0.
 */
public final class Ipv4Header {
    private static final int TYPE_OF_SERVICE_OFFSET = 1;
    private static final int TOTAL_LENGTH_OFFSET = 2;
    private static final int FRAGMENT_OFFSET_OFFSET = 6;
    private static final int TIME_TO_LIVE_OFFSET = 8;
    private static final int PROTOCOL_OFFSET = 9;
    private static final int SOURCE_OFFSET = 12;
    private static final int DESTINATION_OFFSET = 16;
    private static final int MINIMUM_LENGTH = 20;

    private Ipv4Header() {}

    /**
     * {@return the bytes of the header, options included, 20 to 60; 0 if no whole IPv4 header lies here}
     *
     * <p>0 means: fewer than 20 bytes, another version, or an IHL below 5 words or beyond the length.
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     * @param length bytes that are there, 0 or more
     */
    public static int headerLength(ByteBuffer buffer, int offset, int length) {
        if (length < MINIMUM_LENGTH) {
            return 0;
        }
        int first = Byte.toUnsignedInt(buffer.get(offset));
        int headerLength = (first & 0x0f) * Integer.BYTES;
        return first >>> 4 == 4 && headerLength >= MINIMUM_LENGTH && headerLength <= length ? headerLength : 0;
    }

    /**
     * {@return the type of service (DSCP and ECN, RFC 2474), 0 to 255}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int typeOfService(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset + TYPE_OF_SERVICE_OFFSET));
    }

    /**
     * {@return the total length that the header states, 0 to 65535; a claim, to be compared with what is there}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int totalLength(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + TOTAL_LENGTH_OFFSET);
    }

    /**
     * {@return the fragment offset in units of eight bytes, 0 to 8191; 0 for a whole packet and for a first fragment}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int fragmentOffset(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + FRAGMENT_OFFSET_OFFSET) & 0x1fff;
    }

    /**
     * {@return the time to live, 0 to 255}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int timeToLive(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset + TIME_TO_LIVE_OFFSET));
    }

    /**
     * {@return the protocol, 0 to 255; ICMP is 1}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int protocol(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset + PROTOCOL_OFFSET));
    }

    /**
     * {@return the source address, its first byte most significant}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int source(ByteBuffer buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + SOURCE_OFFSET);
    }

    /**
     * {@return the destination address, its first byte most significant}
     *
     * @param buffer holds the packet
     * @param offset index of its first byte
     */
    public static int destination(ByteBuffer buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + DESTINATION_OFFSET);
    }
}
