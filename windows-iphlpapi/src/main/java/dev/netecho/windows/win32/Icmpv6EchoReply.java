// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.ByteBuffer;

/**
 * {@code ICMPV6_ECHO_REPLY} of ipexport.h, the same for every pointer width. Only the address has packing 1: two bytes
 * of padding follow it.
 *
 * <pre>
 *  0 Address        IPV6_ADDRESS_EX, 26 bytes, packed
 *    0 sin6_port      u16
 *    2 sin6_flowinfo  u32
 *    6 sin6_addr      16 bytes, network order
 *   22 sin6_scope_id  u32
 * 28 Status         u32
 * 32 RoundTripTime  u32, ms
 * 36 the data that came back; only IO_STATUS_BLOCK.Information tells how much
 * </pre>
 */
public final class Icmpv6EchoReply {
    /** The size in bytes, and where the data begins. */
    public static final int SIZE = 36;

    static final int ADDR = 6;
    static final int SCOPE_ID = 22;
    static final int STATUS = 28;
    static final int ROUND_TRIP_TIME = 32;

    private Icmpv6EchoReply() {}

    /** {@return the 16 bytes of the responder's address} */
    public static byte[] address(ByteBuffer buffer, int offset) {
        byte[] address = new byte[16];
        buffer.get(offset + ADDR, address);
        return address;
    }

    /** {@return the interface index of a link-local address, else 0} */
    public static int scopeId(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + SCOPE_ID);
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
}
