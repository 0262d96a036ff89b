// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct msghdr} of recvmsg(2).
 *
 * <pre>
 *  0 msg_name        pointer
 *  8 msg_namelen     u32
 * 16 msg_iov         pointer
 * 24 msg_iovlen      size_t
 * 32 msg_control     pointer
 * 40 msg_controllen  size_t
 * 48 msg_flags       i32
 * </pre>
 *
 * <p>The kernel overwrites the name length, the control length and the flags of every message it receives: set the two
 * lengths again before each recvmmsg(2).
 */
public final class Msghdr {
    /** The size in bytes. */
    public static final int SIZE = 56;

    static final int NAME = 0;
    static final int NAMELEN = 8;
    static final int IOV = 16;
    static final int IOVLEN = 24;
    static final int CONTROL = 32;
    static final int CONTROLLEN = 40;
    static final int FLAGS = 48;

    private Msghdr() {}

    /**
     * Writes every field; the flags become 0.
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
        buffer.putLong(offset + NAME, name);
        // Eight bytes: the padding after the length becomes 0.
        buffer.putLong(offset + NAMELEN, namelen);
        buffer.putLong(offset + IOV, iov);
        buffer.putLong(offset + IOVLEN, iovlen);
        buffer.putLong(offset + CONTROL, control);
        buffer.putLong(offset + CONTROLLEN, controllen);
        buffer.putLong(offset + FLAGS, 0);
    }

    /** {@return the size of the socket address; after a receive, the size the kernel would have written} */
    public static int namelen(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + NAMELEN);
    }

    /** Sets the size of the socket address, or the room for it. */
    public static void setNamelen(ByteBuffer buffer, int offset, int namelen) {
        buffer.putInt(offset + NAMELEN, namelen);
    }

    /** {@return the size of the control data; after a receive, what was written of it} */
    public static long controllen(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + CONTROLLEN);
    }

    /** Sets the size of the control data, or the room for it. */
    public static void setControllen(ByteBuffer buffer, int offset, long controllen) {
        buffer.putLong(offset + CONTROLLEN, controllen);
    }

    /** {@return MSG_* of {@link Socket}, as the kernel set them at the last receive} */
    public static int flags(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + FLAGS);
    }

    /** Sets the flags; the kernel does not read them when it sends. */
    public static void setFlags(ByteBuffer buffer, int offset, int flags) {
        buffer.putInt(offset + FLAGS, flags);
    }
}
