// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * {@code struct cmsghdr} of cmsg(3): writes control data and walks through it, without allocation.
 *
 * <pre>
 *  0 cmsg_len    size_t, header and data without the padding
 *  8 cmsg_level  i32
 * 12 cmsg_type   i32
 * 16 data, padded to a multiple of 8
 * </pre>
 *
 * <p>The reader trusts no length: whatever the bytes are, it ends, and stays inside the control data.
 */
public final class Cmsghdr {
    /** The size of the header in bytes. */
    public static final int SIZE = 16;

    private static final int ALIGNMENT = 8;
    static final int LEN = 0;
    static final int LEVEL = 8;
    static final int TYPE = 12;

    private Cmsghdr() {}

    /**
     * {@return the bytes that one control message takes, padding included: {@code CMSG_SPACE}}
     *
     * @param dataLength the size of its data
     */
    public static int space(int dataLength) {
        return SIZE + align(dataLength);
    }

    /**
     * Appends a control message with one int.
     *
     * @param buffer takes the control data
     * @param offset where the message begins, a multiple of 8 from the start of the control data
     * @param level such as {@link Ip#IPPROTO_IP}
     * @param type such as {@link Ip#IP_TTL}
     * @param value the data
     * @return the offset after the message; less the start of the control data it is the control length
     * @throws IndexOutOfBoundsException if the buffer has no room; nothing is written then
     */
    public static int append(ByteBuffer buffer, int offset, int level, int type, int value) {
        int next = header(buffer, offset, level, type, Integer.BYTES);
        buffer.putInt(offset + SIZE, value);
        return next;
    }

    /**
     * Appends {@code IP_PKTINFO}: the source address and the interface of one IPv4 packet.
     *
     * @param buffer takes the control data
     * @param offset where the message begins, a multiple of 8 from the start of the control data
     * @param source the source address as a number, or 0 for the default
     * @param interfaceIndex the outgoing interface, or 0 for the default
     * @return the offset after the message
     * @throws IndexOutOfBoundsException if the buffer has no room; nothing is written then
     */
    public static int appendPktinfo(ByteBuffer buffer, int offset, int source, int interfaceIndex) {
        int next = header(buffer, offset, Ip.IPPROTO_IP, Ip.IP_PKTINFO, InPktinfo.SIZE);
        InPktinfo.put(buffer, offset + SIZE, source, interfaceIndex);
        return next;
    }

    /**
     * Appends {@code IPV6_PKTINFO}: the source address and the interface of one IPv6 packet.
     *
     * <p>A ping socket checks the source address and then ignores it: bind such a socket instead.
     *
     * @param buffer takes the control data
     * @param offset where the message begins, a multiple of 8 from the start of the control data
     * @param sourceHigh the first eight bytes of the source address, or 0 and 0 for the default
     * @param sourceLow its last eight bytes
     * @param interfaceIndex the outgoing interface, or 0 for the default
     * @return the offset after the message
     * @throws IndexOutOfBoundsException if the buffer has no room; nothing is written then
     */
    public static int appendPktinfo6(
            ByteBuffer buffer, int offset, long sourceHigh, long sourceLow, int interfaceIndex) {
        int next = header(buffer, offset, Ipv6.IPPROTO_IPV6, Ipv6.IPV6_PKTINFO, In6Pktinfo.SIZE);
        In6Pktinfo.put(buffer, offset + SIZE, sourceHigh, sourceLow, interfaceIndex);
        return next;
    }

    /**
     * {@return where the control data ends; never outside the buffer}
     *
     * @param buffer holds the control data
     * @param controlOffset where the control data begins, inside the buffer
     * @param controllen its size, as in {@link Msghdr#controllen}
     */
    public static int end(ByteBuffer buffer, int controlOffset, long controllen) {
        return controlOffset + (int) Math.max(0, Math.min(controllen, buffer.limit() - controlOffset));
    }

    /**
     * {@return the offset of the first control message, or -1 if there is no whole one}
     *
     * @param buffer holds the control data
     * @param controlOffset where the control data begins, 0 or more
     * @param end where it ends, as {@link #end} says
     */
    public static int first(ByteBuffer buffer, int controlOffset, int end) {
        return whole(buffer, end, controlOffset);
    }

    /**
     * {@return the offset of the control message after {@code current}, or -1 if there is no whole one}
     *
     * @param buffer holds the control data
     * @param end where it ends, as {@link #end} says
     * @param current what {@link #first} or this method has returned, in a buffer that has not changed since
     */
    public static int next(ByteBuffer buffer, int end, int current) {
        return whole(buffer, end, current + (buffer.getLong(current + LEN) + ALIGNMENT - 1 & -ALIGNMENT));
    }

    /**
     * {@return level and type of a control message as one number, to be compared with that of {@link #kind(int, int)}}
     */
    public static long kind(ByteBuffer buffer, int cmsg) {
        return buffer.getLong(cmsg + LEVEL);
    }

    /** {@return level and type as one number: the two ints as a little-endian system stores them} */
    public static long kind(int level, int type) {
        return (long) type << Integer.SIZE | Integer.toUnsignedLong(level);
    }

    /** {@return the level of the control message at {@code cmsg}} */
    public static int level(ByteBuffer buffer, int cmsg) {
        return buffer.getInt(cmsg + LEVEL);
    }

    /** {@return the type of the control message at {@code cmsg}} */
    public static int type(ByteBuffer buffer, int cmsg) {
        return buffer.getInt(cmsg + TYPE);
    }

    /** {@return where the data of the control message at {@code cmsg} begins} */
    public static int dataOffset(int cmsg) {
        return cmsg + SIZE;
    }

    /** {@return the size of the data of a control message that {@link #first} or {@link #next} has returned} */
    public static int dataLength(ByteBuffer buffer, int cmsg) {
        return (int) buffer.getLong(cmsg + LEN) - SIZE;
    }

    /**
     * {@return the data as a number: an int, or one unsigned byte as the kernel delivers {@code IP_TOS}; -1 if empty}
     *
     * @param buffer holds the control data
     * @param cmsg what {@link #first} or {@link #next} has returned
     */
    public static int intOrByte(ByteBuffer buffer, int cmsg) {
        int length = dataLength(buffer, cmsg);
        if (length >= Integer.BYTES) {
            return buffer.getInt(cmsg + SIZE);
        }
        return length > 0 ? buffer.get(cmsg + SIZE) & 0xff : -1;
    }

    private static int header(ByteBuffer buffer, int offset, int level, int type, int dataLength) {
        int space = space(dataLength);
        Objects.checkFromIndexSize(offset, space, buffer.limit());
        buffer.putLong(offset + LEN, SIZE + dataLength);
        buffer.putInt(offset + LEVEL, level);
        buffer.putInt(offset + TYPE, type);
        // The last word holds the padding; the data is written over the rest of it afterwards.
        buffer.putLong(offset + space - Long.BYTES, 0);
        return offset + space;
    }

    /** {@return {@code cmsg} if a whole control message lies there, else -1} */
    private static int whole(ByteBuffer buffer, int end, long cmsg) {
        if (cmsg > end - SIZE) {
            return -1;
        }
        long length = buffer.getLong((int) cmsg + LEN);
        return length >= SIZE && length <= end - cmsg ? (int) cmsg : -1;
    }

    private static int align(int length) {
        return length + ALIGNMENT - 1 & -ALIGNMENT;
    }
}
