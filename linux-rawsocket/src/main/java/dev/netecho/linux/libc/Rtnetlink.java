// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * The one rtnetlink(7) question that is asked here, RTM_GETROUTE for a single address, and the groups that report
 * changes.
 *
 * <pre>
 *  0 nlmsg_len    u32   the whole message      16 rtm_family   u8
 *  4 nlmsg_type   u16                          17 rtm_dst_len  u8, bits
 *  6 nlmsg_flags  u16                          23 rtm_type     u8, RTN_*
 *  8 nlmsg_seq    u32                          28 rta_len      u16, of the first attribute
 * 12 nlmsg_pid    u32                          30 rta_type     u16
 *                                              32 its data
 * </pre>
 *
 * <p>More attributes may follow. An error has a negative error number at 16 instead.
 */
public final class Rtnetlink {
    public static final int AF_NETLINK = 16;
    public static final int NETLINK_ROUTE = 0;

    /** Types of a route, {@code rtm_type}. */
    public static final int RTN_UNICAST = 1;

    public static final int RTN_LOCAL = 2;

    public static final int RTN_BROADCAST = 3;

    private static final int IPV4_QUESTION_SIZE = 36;
    private static final int IPV6_QUESTION_SIZE = 48;

    private static final int NLMSG_TYPE = 4;
    private static final int NLMSG_FLAGS = 6;
    private static final int ERROR = 16;
    private static final int RTM_FAMILY = 16;
    private static final int RTM_DST_LEN = 17;
    private static final int RTM_SRC_LEN = 18;
    private static final int RTM_TYPE = 23;
    private static final int RTA_LEN = 28;
    private static final int RTA_TYPE = 30;
    private static final int RTA_DATA = 32;
    private static final int RTA_HEADER = 4;

    private static final short RTM_NEWROUTE = 24;
    private static final short RTM_GETROUTE = 26;
    private static final short NLM_F_REQUEST = 1;
    private static final short RTA_DST = 1;
    private static final short RTA_SRC = 2;
    private static final short RTA_OIF = 4;
    private static final short RTA_GATEWAY = 5;
    private static final short RTA_PREFSRC = 7;
    private static final short RTA_MARK = 16;

    private static final short NLMSG_ERROR = 2;

    private static final int SOCKADDR_NL_SIZE = 12;
    private static final int NL_GROUPS = 8;
    private static final int RTMGRP_LINK = 1;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int RTMGRP_IPV6_PREFIX = 0x20000;

    private Rtnetlink() {}

    /**
     * Writes, at the start of a zeroed buffer, a {@code sockaddr_nl} of the groups that report changes of links and
     * IPv6 addresses.
     *
     * @return its size
     */
    public static int putGroups(ByteBuffer buffer) {
        buffer.putShort(0, (short) AF_NETLINK);
        buffer.putInt(NL_GROUPS, RTMGRP_LINK | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_PREFIX);
        return SOCKADDR_NL_SIZE;
    }

    /** {@return whether a message answers a question, and does not report a change} */
    public static boolean isAnswer(ByteBuffer buffer) {
        short type = buffer.getShort(NLMSG_TYPE);
        return type == RTM_NEWROUTE || type == NLMSG_ERROR;
    }

    /** Writes the question at the start of a zeroed buffer. */
    public static void putQuestion(ByteBuffer buffer, int ipv4Address) {
        putQuestion(buffer, Socket.AF_INET, IPV4_QUESTION_SIZE);
        NetworkOrder.putInt(buffer, RTA_DATA, ipv4Address);
    }

    /** Writes the question about an IPv6 address, in network order, at the start of a zeroed buffer. */
    public static void putQuestion(ByteBuffer buffer, long high, long low) {
        putQuestion(buffer, Socket.AF_INET6, IPV6_QUESTION_SIZE);
        NetworkOrder.putLong(buffer, RTA_DATA, high);
        NetworkOrder.putLong(buffer, RTA_DATA + Long.BYTES, low);
    }

    private static void putQuestion(ByteBuffer buffer, int family, int size) {
        buffer.putInt(0, size);
        buffer.putShort(NLMSG_TYPE, RTM_GETROUTE);
        buffer.putShort(NLMSG_FLAGS, NLM_F_REQUEST);
        buffer.put(RTM_FAMILY, (byte) family);
        buffer.put(RTM_DST_LEN, (byte) ((size - RTA_DATA) * Byte.SIZE));
        buffer.putShort(RTA_LEN, (short) (size - RTA_LEN));
        buffer.putShort(RTA_TYPE, RTA_DST);
    }

    /** Adds to a question about IPv6 that the packet has this source, in network order. */
    public static void addSource(ByteBuffer buffer, long high, long low) {
        buffer.put(RTM_SRC_LEN, (byte) (2 * Long.SIZE));
        int at = add(buffer, RTA_SRC, 2 * Long.BYTES);
        NetworkOrder.putLong(buffer, at, high);
        NetworkOrder.putLong(buffer, at + Long.BYTES, low);
    }

    /** Adds to a question which interface the packet is to leave by. */
    public static void addInterface(ByteBuffer buffer, int index) {
        buffer.putInt(add(buffer, RTA_OIF, Integer.BYTES), index);
    }

    /** Adds to a question which mark (SO_MARK) the packet has. */
    public static void addMark(ByteBuffer buffer, int mark) {
        buffer.putInt(add(buffer, RTA_MARK, Integer.BYTES), mark);
    }

    private static int add(ByteBuffer buffer, short type, int length) {
        int at = size(buffer);
        buffer.putShort(at, (short) (RTA_HEADER + length));
        buffer.putShort(at + Short.BYTES, type);
        buffer.putInt(0, at + RTA_HEADER + length);
        return at + RTA_HEADER;
    }

    /** {@return the size of a question or of an answer in bytes} */
    public static int size(ByteBuffer buffer) {
        return buffer.getInt(0);
    }

    /**
     * {@return the type of the route in the answer; 0, unspecified, if the kernel knows none; -1 if it had no memory to
     * look}
     */
    public static int routeType(ByteBuffer buffer) {
        if (buffer.getShort(NLMSG_TYPE) == RTM_NEWROUTE) {
            return buffer.get(RTM_TYPE);
        }
        int errno = -buffer.getInt(ERROR);
        return errno == Errno.ENOMEM || errno == Errno.ENOBUFS ? -1 : 0;
    }

    /** {@return the index of the interface that the route in the answer leaves by; 0 if it names none} */
    public static int routeInterface(ByteBuffer buffer) {
        int at = find(buffer, RTA_OIF, Integer.BYTES);
        return at == 0 ? 0 : buffer.getInt(at);
    }

    /**
     * {@return where in the answer the IPv6 address begins that the kernel sends from if none is asked for; 0 if it has
     * none (Linux, net/ipv6/route.c, rt6_fill_node, ip6_route_get_saddr)}
     */
    public static int routeSource(ByteBuffer buffer) {
        return find(buffer, RTA_PREFSRC, 2 * Long.BYTES);
    }

    /** {@return the IPv4 router of the route in the answer; 0 if it names none: the destination is on the link} */
    public static int ipv4Gateway(ByteBuffer buffer) {
        int at = find(buffer, RTA_GATEWAY, Integer.BYTES);
        return at == 0 ? 0 : NetworkOrder.getInt(buffer, at);
    }

    /** {@return the IPv4 address that the kernel sends from by the route in the answer; 0 if it names none} */
    public static int ipv4Source(ByteBuffer buffer) {
        int at = find(buffer, RTA_PREFSRC, Integer.BYTES);
        return at == 0 ? 0 : NetworkOrder.getInt(buffer, at);
    }

    private static int find(ByteBuffer buffer, short type, int size) {
        int end = Math.min(size(buffer), buffer.capacity());
        int at = RTA_LEN;
        while (at + RTA_HEADER + size <= end) {
            int length = Short.toUnsignedInt(buffer.getShort(at));
            if (buffer.getShort(at + Short.BYTES) == type) {
                return at + RTA_HEADER;
            }
            at += Math.max(RTA_HEADER, length + 3 & -4); // attributes begin at multiples of four
        }
        return 0;
    }
}
