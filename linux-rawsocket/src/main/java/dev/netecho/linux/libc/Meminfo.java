// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * The nine unsigned numbers of {@code SO_MEMINFO}: linux/sock_diag.h, {@code SK_MEMINFO_*}.
 *
 * <p>Works on datagram and raw sockets and needs no privilege.
 */
public final class Meminfo {
    /** The size in bytes. */
    public static final int SIZE = 36;

    static final int RMEM_ALLOC = 0;
    static final int RCVBUF = 1;
    static final int WMEM_ALLOC = 2;
    static final int SNDBUF = 3;
    static final int DROPS = 8;

    private Meminfo() {}

    /** {@return the bytes that wait in the receive queue, each message with the kernel's overhead} */
    public static int rmemAlloc(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + RMEM_ALLOC * Integer.BYTES);
    }

    /** {@return the effective size of the receive buffer in bytes} */
    public static int rcvbuf(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + RCVBUF * Integer.BYTES);
    }

    /** {@return the bytes of packets that were sent and have not left, each with the kernel's overhead} */
    public static int wmemAlloc(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + WMEM_ALLOC * Integer.BYTES);
    }

    /** {@return the effective size of the send buffer in bytes} */
    public static int sndbuf(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + SNDBUF * Integer.BYTES);
    }

    /**
     * {@return how many messages the socket has dropped since it was made}
     *
     * <p>The counter wraps at 2^32: use only differences, which int subtraction computes correctly.
     */
    public static int drops(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + DROPS * Integer.BYTES);
    }
}
