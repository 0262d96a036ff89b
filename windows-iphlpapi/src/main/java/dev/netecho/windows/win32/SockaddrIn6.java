// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.ByteBuffer;

/**
 * {@code SOCKADDR_IN6} of ws2ipdef.h.
 *
 * <pre>
 *  0 sin6_family    u16
 *  2 sin6_port      u16
 *  4 sin6_flowinfo  u32
 *  8 sin6_addr      16 bytes, network order
 * 24 sin6_scope_id  u32
 * </pre>
 */
public final class SockaddrIn6 {
    /** The size in bytes. */
    public static final int SIZE = 28;

    static final int FAMILY = 0;
    static final int PORT = 2;
    static final int FLOWINFO = 4;
    static final int ADDR = 8;
    static final int SCOPE_ID = 24;

    private static final short AF_INET6 = 23;

    private SockaddrIn6() {}

    /**
     * Writes a whole address; port and flow information become 0.
     *
     * @param buffer takes the address
     * @param offset where it begins
     * @param address its 16 bytes; all zero as a source lets the system choose
     * @param scopeId the interface index of a link-local address, else 0
     */
    public static void put(ByteBuffer buffer, int offset, byte[] address, int scopeId) {
        buffer.putShort(offset + FAMILY, AF_INET6);
        buffer.putShort(offset + PORT, (short) 0);
        buffer.putInt(offset + FLOWINFO, 0);
        buffer.put(offset + ADDR, address);
        buffer.putInt(offset + SCOPE_ID, scopeId);
    }
}
