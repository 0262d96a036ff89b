// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * {@code struct in6_pktinfo} of ipv6(7) and RFC 3542.
 *
 * <pre>
 *  0 ipi6_addr     16 bytes, network order: the source to send from, or the destination of a received packet
 * 16 ipi6_ifindex  u32
 * </pre>
 */
public final class In6Pktinfo {
    /** The size in bytes. */
    public static final int SIZE = 20;

    static final int ADDR = 0;
    static final int IFINDEX = 16;

    private In6Pktinfo() {}

    /**
     * Writes both fields.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param addressHigh the first eight bytes of the address as a big-endian number
     * @param addressLow its last eight bytes
     * @param interfaceIndex the interface, or 0
     */
    public static void put(ByteBuffer buffer, int offset, long addressHigh, long addressLow, int interfaceIndex) {
        NetworkOrder.putLong(buffer, offset + ADDR, addressHigh);
        NetworkOrder.putLong(buffer, offset + ADDR + Long.BYTES, addressLow);
        buffer.putInt(offset + IFINDEX, interfaceIndex);
    }

    /** {@return the first eight bytes of the address as a big-endian number} */
    public static long addressHigh(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + ADDR);
    }

    /** {@return the last eight bytes of the address as a big-endian number} */
    public static long addressLow(ByteBuffer buffer, int offset) {
        return NetworkOrder.getLong(buffer, offset + ADDR + Long.BYTES);
    }

    /** {@return the index of the interface} */
    public static int interfaceIndex(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + IFINDEX);
    }
}
