// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * {@code struct in_pktinfo} of ip(7).
 *
 * <pre>
 *  0 ipi_ifindex   i32
 *  4 ipi_spec_dst  u32, network order: the local address; when sending, the source
 *  8 ipi_addr      u32, network order: the destination in the header of a received packet
 * </pre>
 */
public final class InPktinfo {
    /** The size in bytes. */
    public static final int SIZE = 12;

    static final int IFINDEX = 0;
    static final int SPEC_DST = 4;
    static final int ADDR = 8;

    private InPktinfo() {}

    /**
     * Writes what choosing a source takes; the destination becomes 0.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param source the source address as a number, or 0
     * @param interfaceIndex the interface, or 0
     */
    public static void put(ByteBuffer buffer, int offset, int source, int interfaceIndex) {
        buffer.putInt(offset + IFINDEX, interfaceIndex);
        NetworkOrder.putInt(buffer, offset + SPEC_DST, source);
        buffer.putInt(offset + ADDR, 0);
    }

    /** {@return the index of the interface} */
    public static int interfaceIndex(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + IFINDEX);
    }

    /** {@return the local address as a number} */
    public static int specDst(ByteBuffer buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + SPEC_DST);
    }

    /** {@return the destination address of a received packet as a number} */
    public static int addr(ByteBuffer buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + ADDR);
    }
}
