// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import dev.netecho.IpVersion;
import java.nio.ByteBuffer;

/**
 * Echo request and echo reply: RFC 792 (ICMP) and RFC 4443, section 4 (ICMPv6), which differ in the type only.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Type      |     Code      |          Checksum             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |           Identifier          |        Sequence Number        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Data ...
 * +-+-+-+-+-
 * </pre>
 *
 * <p>The accessors need {@link #HEADER_LENGTH} bytes at the offset: call them after {@link #isReply} or a check of your
 * own.
 */
public final class IcmpEcho {
    /** Bytes before the data. */
    public static final int HEADER_LENGTH = 8;

    /** Where the type is, one byte. */
    public static final int TYPE_OFFSET = 0;
    /** Where the code is, one byte. */
    public static final int CODE_OFFSET = 1;
    /** Where the checksum is, two bytes. */
    public static final int CHECKSUM_OFFSET = 2;
    /** Where the identifier is, two bytes. */
    public static final int IDENTIFIER_OFFSET = 4;
    /** Where the sequence number is, two bytes. */
    public static final int SEQUENCE_OFFSET = 6;

    private IcmpEcho() {}

    /**
     * Writes the header of an echo request with checksum zero; the data begins {@link #HEADER_LENGTH} bytes later.
     *
     * <p>Linux fills in the checksum itself on datagram sockets and on ICMPv6 raw sockets (raw(7), icmp(7)); on ICMPv4
     * raw sockets {@link #putChecksum} has to follow once the data is in place.
     *
     * @param buffer receives {@link #HEADER_LENGTH} bytes
     * @param offset index of the type field
     * @param version chooses the type
     * @param identifier its low 16 bits are sent
     * @param sequence its low 16 bits are sent, so a counter may simply be passed
     */
    public static void putRequest(ByteBuffer buffer, int offset, IpVersion version, int identifier, int sequence) {
        long header = ((long) version.echoRequestType() << 56) | ((identifier & 0xffffL) << 16) | (sequence & 0xffffL);
        NetworkOrder.putLong(buffer, offset, header);
    }

    /**
     * Writes the checksum of an ICMPv4 message.
     *
     * <p>Not for ICMPv6, whose checksum covers a pseudo-header with both addresses (RFC 4443, section 2.3).
     *
     * @param buffer holds the whole message
     * @param offset index of the type field
     * @param length bytes of header and data, at least {@link #HEADER_LENGTH}
     */
    public static void putChecksum(ByteBuffer buffer, int offset, int length) {
        NetworkOrder.putShort(buffer, offset + CHECKSUM_OFFSET, 0);
        NetworkOrder.putShort(buffer, offset + CHECKSUM_OFFSET, InternetChecksum.of(buffer, offset, length));
    }

    /**
     * {@return whether this is an echo reply: at least a whole header, the type of that version, and code 0}
     *
     * <p>The code is looked at because every kind of Linux socket delivers replies with another code too. The checksum
     * is not: see {@link InternetChecksum#isValid}.
     *
     * @param buffer holds the message
     * @param offset index of the type field
     * @param length bytes that were received, 0 or more
     * @param version the IP version that carried the message
     */
    public static boolean isReply(ByteBuffer buffer, int offset, int length, IpVersion version) {
        return length >= HEADER_LENGTH && type(buffer, offset) == version.echoReplyType() && code(buffer, offset) == 0;
    }

    /**
     * {@return the type, 0 to 255}
     *
     * @param buffer holds the message
     * @param offset index of the type field
     */
    public static int type(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset + TYPE_OFFSET));
    }

    /**
     * {@return the code, 0 to 255}
     *
     * @param buffer holds the message
     * @param offset index of the type field
     */
    public static int code(ByteBuffer buffer, int offset) {
        return Byte.toUnsignedInt(buffer.get(offset + CODE_OFFSET));
    }

    /**
     * {@return the checksum field, 0 to 65535}
     *
     * @param buffer holds the message
     * @param offset index of the type field
     */
    public static int checksum(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + CHECKSUM_OFFSET);
    }

    /**
     * {@return the identifier, 0 to 65535}
     *
     * @param buffer holds the message
     * @param offset index of the type field
     */
    public static int identifier(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + IDENTIFIER_OFFSET);
    }

    /**
     * {@return the sequence number, 0 to 65535}
     *
     * @param buffer holds the message
     * @param offset index of the type field
     */
    public static int sequence(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + SEQUENCE_OFFSET);
    }
}
