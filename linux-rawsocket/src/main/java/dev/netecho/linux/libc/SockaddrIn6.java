// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * {@code struct sockaddr_in6} of ipv6(7).
 *
 * <pre>
 *  0 sin6_family    u16
 *  2 sin6_port      u16, network order; the ICMP identifier of a ping socket, 0 or 58 on a raw socket
 *  4 sin6_flowinfo  u32
 *  8 sin6_addr      16 bytes, network order
 * 24 sin6_scope_id  u32
 * </pre>
 */
public final class SockaddrIn6 {
    /** The size in bytes. */
    public static final int SIZE = 28;

    static final int PORT = 2;
    static final int FLOWINFO = 4;
    static final int ADDR = 8;
    static final int SCOPE_ID = 24;

    private SockaddrIn6() {}

    /**
     * Writes a whole address, with the flow information 0.
     *
     * @param buffer takes the address
     * @param offset where it begins
     * @param addressHigh the first eight bytes of the address as a big-endian number
     * @param addressLow the last eight bytes
     * @param scopeId the interface index of a link-local address, else 0
     * @param port 0 to 65535
     */
    public static void put(ByteBuffer buffer, int offset, long addressHigh, long addressLow, int scopeId, int port) {
        buffer.putShort(offset + Sockaddr.FAMILY, (short) Socket.AF_INET6);
        NetworkOrder.putShort(buffer, offset + PORT, port);
        buffer.putInt(offset + FLOWINFO, 0);
        NetworkOrder.putLong(buffer, offset + ADDR, addressHigh);
        NetworkOrder.putLong(buffer, offset + ADDR + Long.BYTES, addressLow);
        buffer.putInt(offset + SCOPE_ID, scopeId);
    }

    /** {@return the first eight bytes of the address as a big-endian number} */
    public static long addressHigh(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + ADDR);
    }

    /** {@return the last eight bytes of the address as a big-endian number} */
    public static long addressLow(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + ADDR + Long.BYTES);
    }

    /** {@return the interface index of a link-local address, else 0} */
    public static int scopeId(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + SCOPE_ID);
    }

    /** {@return the port, 0 to 65535} */
    public static int port(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + PORT);
    }
}
