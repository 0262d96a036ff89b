// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.ByteBuffer;

/**
 * {@code ICMP_ECHO_REPLY} of ipexport.h.
 *
 * <pre>
 * x64 x86
 *  0   0  Address        4 bytes, network order
 *  4   4  Status         u32
 *  8   8  RoundTripTime  u32, ms
 * 12  12  DataSize       u16
 * 14  14  Reserved       u16, the number of replies until IcmpParseReplies has read it
 * 16  16  Data           pointer into the reply buffer
 * 24  20  Options        IP_OPTION_INFORMATION
 * 40  28  size
 * </pre>
 */
public final class IcmpEchoReply {
    static final int ADDRESS = 0;
    static final int STATUS = 4;
    static final int ROUND_TRIP_TIME = 8;
    static final int DATA_SIZE = 12;
    static final int RESERVED = 14;
    static final int DATA = 16;

    private IcmpEchoReply() {}

    /** {@return the size in bytes} */
    public static int size(PointerWidth width) {
        return options(width) + IpOptionInformation.size(width);
    }

    static int options(PointerWidth width) {
        return DATA + width.bytes();
    }

    /** {@return the four bytes of the responder's address} */
    public static byte[] address(ByteBuffer buffer, int offset) {
        byte[] address = new byte[4];
        buffer.get(offset + ADDRESS, address);
        return address;
    }

    /** {@return an {@link IpStatus}} */
    public static int status(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + STATUS);
    }

    /** Sets the status, before the call. */
    public static void setStatus(ByteBuffer buffer, int offset, int status) {
        buffer.putInt(offset + STATUS, status);
    }

    /** {@return the round-trip time in ms} */
    public static long roundTripTime(ByteBuffer buffer, int offset) {
        return Integer.toUnsignedLong(buffer.getInt(offset + ROUND_TRIP_TIME));
    }

    /** {@return bytes of data that came back, 0 to 65535} */
    public static int dataSize(ByteBuffer buffer, int offset) {
        return Short.toUnsignedInt(buffer.getShort(offset + DATA_SIZE));
    }

    /** {@return the address of the data, which lies inside the reply buffer} */
    public static long data(ByteBuffer buffer, int offset, PointerWidth width) {
        return width.get(buffer, offset + DATA);
    }

    /** {@return the TTL the reply arrived with, 0 to 255} */
    public static int ttl(ByteBuffer buffer, int offset, PointerWidth width) {
        return Byte.toUnsignedInt(buffer.get(offset + options(width) + IpOptionInformation.TTL));
    }
}
