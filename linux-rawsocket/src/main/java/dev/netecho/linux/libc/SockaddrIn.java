// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * {@code struct sockaddr_in} of ip(7).
 *
 * <pre>
 *  0 sin_family  u16
 *  2 sin_port    u16, network order; the ICMP identifier of a ping socket
 *  4 sin_addr    u32, network order
 *  8 padding     8 bytes
 * </pre>
 */
public final class SockaddrIn {
    /** The size in bytes. */
    public static final int SIZE = 16;

    static final int PORT = 2;
    static final int ADDR = 4;
    private static final int ZERO = 8;

    private SockaddrIn() {}

    /**
     * Writes a whole address.
     *
     * @param buffer takes the address
     * @param offset where it begins
     * @param address the IPv4 address as a number: 127.0.0.1 is 0x7f000001
     * @param port 0 to 65535
     */
    public static void put(ByteBuffer buffer, int offset, int address, int port) {
        buffer.putShort(offset + Sockaddr.FAMILY, (short) Socket.AF_INET);
        NetworkOrder.putShort(buffer, offset + PORT, port);
        NetworkOrder.putInt(buffer, offset + ADDR, address);
        buffer.putLong(offset + ZERO, 0);
    }

    /** {@return the IPv4 address as a number: 127.0.0.1 is 0x7f000001} */
    public static int address(ByteBuffer buffer, int offset) {
        return NetworkOrder.getInt(buffer, offset + ADDR);
    }

    /** {@return the port, 0 to 65535} */
    public static int port(ByteBuffer buffer, int offset) {
        return NetworkOrder.getUnsignedShort(buffer, offset + PORT);
    }
}
