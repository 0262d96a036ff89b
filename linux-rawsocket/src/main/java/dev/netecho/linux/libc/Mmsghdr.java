// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct mmsghdr} of recvmmsg(2).
 *
 * <pre>
 *  0 msg_hdr  {@link Msghdr}, whose methods take the offset of this structure
 * 56 msg_len  u32, set by the kernel: bytes received or sent
 * </pre>
 */
public final class Mmsghdr {
    /** The size in bytes, which is also the distance of two elements of an array. */
    public static final int SIZE = 64;

    static final int LEN = 56;

    private Mmsghdr() {}

    /**
     * Writes every field; flags and message length become 0.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param name the address of a socket address
     * @param namelen its size, or the room for it
     * @param iov the address of an array of {@link Iovec}
     * @param iovlen the number of its elements
     * @param control the address of the control data, or 0
     * @param controllen its size, or the room for it
     */
    public static void init(
            ByteBuffer buffer,
            int offset,
            long name,
            int namelen,
            long iov,
            long iovlen,
            long control,
            long controllen) {
        Msghdr.init(buffer, offset, name, namelen, iov, iovlen, control, controllen);
        buffer.putLong(offset + LEN, 0);
    }

    /** {@return the number of bytes that were received or sent} */
    public static int msgLen(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + LEN);
    }

    /** Sets the number of bytes; for tests and for reuse, the kernel does not read it. */
    public static void setMsgLen(ByteBuffer buffer, int offset, int length) {
        buffer.putInt(offset + LEN, length);
    }
}
