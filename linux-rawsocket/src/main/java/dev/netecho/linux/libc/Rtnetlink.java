// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * The rtnetlink(7) questions that are asked here, and the groups that report changes. Most ask for the route of a
 * single address (RTM_GETROUTE); the others ask for all links, IPv4 addresses or policy rules.
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
    private static final int RTM_TOS = 19;
    private static final int RTM_TYPE = 23;
    private static final int RTM_FLAGS = 24;
    private static final int RTA_LEN = 28;
    private static final int RTA_TYPE = 30;
    private static final int RTA_DATA = 32;
    private static final int RTA_HEADER = 4;

    private static final short RTM_NEWLINK = 16;
    private static final short RTM_DELLINK = 17;
    private static final short RTM_GETLINK = 18;
    private static final short RTM_NEWADDR = 20;
    private static final short RTM_GETADDR = 22;
    private static final short RTM_NEWROUTE = 24;
    private static final short RTM_GETROUTE = 26;
    private static final short RTM_NEWRULE = 32;
    private static final short RTM_GETRULE = 34;
    private static final short NLM_F_REQUEST = 1;

    /** Since Linux 4.13; older kernels ignore it. */
    private static final int RTM_F_FIB_MATCH = 0x2000;

    /** A redirect (RFC 792) changed the router of this one destination (linux/in_route.h). */
    private static final int RTCF_REDIRECTED = 0x40000;

    /** {@code struct ifaddrmsg}, after the header: family, prefix length, flags and scope (u8), index (u32). */
    private static final int IFA_SCOPE = 19;

    private static final int IFA_SIZE = 8;

    /** {@code struct ifinfomsg}, after the header: family (u8), type (u16), index, flags and change (u32 each). */
    private static final int IFI_INDEX = 20;

    private static final int IFI_FLAGS = 24;
    private static final int IFI_SIZE = 16;

    /** Bytes of a message about a link before its attributes. */
    public static final int LINK_SIZE = 32;

    private static final int IFF_UP = 1;
    private static final int IFF_LOWER_UP = 0x10000;
    private static final short IFLA_EXT_MASK = 29;
    private static final int RTEXT_FILTER_SKIP_STATS = 8;

    /** {@code struct fib_rule_hdr}: twelve bytes after the header, then attributes. */
    private static final int FIB_RULE_SIZE = 12;

    private static final short FRA_L3MDEV = 19;
    private static final short RTA_DST = 1;
    private static final short RTA_SRC = 2;
    private static final short RTA_OIF = 4;
    private static final short RTA_GATEWAY = 5;
    private static final short RTA_PREFSRC = 7;
    private static final short RTA_MULTIPATH = 9;
    private static final short RTA_MARK = 16;

    /** Rules may name the protocol (ip-rule(8), ipproto). Older kernels than Linux 4.18 ignore it. */
    private static final short RTA_IP_PROTO = 27;

    /** {@code struct rtnexthop}: length (u16), flags and hops (u8), index of the interface (u32), then attributes. */
    private static final int RTNH_IFINDEX = 4;

    private static final int RTNH_SIZE = 8;

    /** Which bits of a traffic class choose a route: the others (ECN) may be refused (RFC 2474, RFC 3168). */
    private static final int DSCP = 0xfc;

    private static final short NLMSG_ERROR = 2;

    private static final int SOCKADDR_NL_SIZE = 12;
    private static final int NL_GROUPS = 8;
    private static final int RTMGRP_LINK = 1;
    private static final int RTMGRP_NEIGH = 4;
    private static final int RTMGRP_IPV4_IFADDR = 0x10;
    private static final int RTMGRP_IPV4_ROUTE = 0x40;
    private static final int RTMGRP_IPV4_RULE = 0x80;
    private static final int RTNLGRP_NEXTHOP = 32;
    private static final int RTMGRP_IPV6_IFADDR = 0x100;
    private static final int RTMGRP_IPV6_PREFIX = 0x20000;

    private Rtnetlink() {}

    /**
     * Writes, at the start of a zeroed buffer, a {@code sockaddr_nl} of the groups that report changes of links and
     * addresses.
     *
     * @return its size
     */
    public static int putGroups(ByteBuffer buffer) {
        return putGroup(buffer, RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV6_PREFIX);
    }

    /**
     * Writes, at the start of a zeroed buffer, a {@code sockaddr_nl} of the group that reports changes of neighbours.
     *
     * @return its size
     */
    public static int putNeighbourGroup(ByteBuffer buffer) {
        return putGroup(buffer, RTMGRP_NEIGH);
    }

    /**
     * Writes, at the start of a buffer, a {@code sockaddr_nl} of the groups that report what may change the ways of
     * IPv4: links, addresses, routes, rules, and next hops of their own.
     *
     * @return its size
     */
    public static int putRoutingGroups(ByteBuffer buffer) {
        return putGroup(
                buffer,
                RTMGRP_LINK | RTMGRP_IPV4_IFADDR | RTMGRP_IPV4_ROUTE | RTMGRP_IPV4_RULE | 1 << (RTNLGRP_NEXTHOP - 1));
    }

    static int putGroup(ByteBuffer buffer, int groups) {
        buffer.putLong(0, 0);
        buffer.putShort(0, (short) AF_NETLINK);
        buffer.putInt(NL_GROUPS, groups);
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

    /** Adds to a question that the packet is of a protocol: ICMP or ICMPv6. */
    public static void addProtocol(ByteBuffer buffer, int protocol) {
        buffer.put(add(buffer, RTA_IP_PROTO, Byte.BYTES), (byte) protocol);
    }

    /**
     * {@return whether the kernel refuses the question for its protocol} So Linux 4.18 to 5.0 do with ICMPv6, until
     * 5e1a99eae849 ("Add ICMPv6 support when parse route ipproto").
     */
    public static boolean refusesProtocol(ByteBuffer buffer) {
        return buffer.getShort(NLMSG_TYPE) == NLMSG_ERROR && -buffer.getInt(ERROR) == Errno.EOPNOTSUPP;
    }

    /** Adds to a question which traffic class the packet has. */
    public static void addTrafficClass(ByteBuffer buffer, int trafficClass) {
        buffer.put(RTM_TOS, (byte) (trafficClass & DSCP));
    }

    /** Makes it the question for the route as the table has it, whatever redirects (RFC 792) said. */
    public static void askForTable(ByteBuffer buffer) {
        buffer.putInt(RTM_FLAGS, RTM_F_FIB_MATCH);
    }

    /** {@return whether the router in the answer is that of a redirect, for this destination only} */
    public static boolean isRedirected(ByteBuffer buffer) {
        return buffer.getShort(NLMSG_TYPE) == RTM_NEWROUTE && (buffer.getInt(RTM_FLAGS) & RTCF_REDIRECTED) != 0;
    }

    /** Adds to a question about IPv4 that the packet has this source. */
    public static void addSource(ByteBuffer buffer, int ipv4Address) {
        buffer.put(RTM_SRC_LEN, (byte) Integer.SIZE);
        NetworkOrder.putInt(buffer, add(buffer, RTA_SRC, Integer.BYTES), ipv4Address);
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
        buffer.putInt(0, at + aligned(RTA_HEADER + length));
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
     * {@return whether the route in the answer, or one of its next hops, leaves by an interface} Also if it has too
     * many of them to be sure, or names none: they may be objects of their own (ip-nexthop(8)).
     */
    public static boolean leavesBy(ByteBuffer buffer, int index) {
        int hops = find(buffer, RTA_MULTIPATH, 0);
        if (hops == 0) {
            int only = routeInterface(buffer);
            return only == index || only == 0;
        }
        int end = hops - RTA_HEADER + Short.toUnsignedInt(buffer.getShort(hops - RTA_HEADER));
        int last = Math.min(end, buffer.capacity());
        int at = hops;
        while (at + RTNH_SIZE <= last) {
            if (buffer.getInt(at + RTNH_IFINDEX) == index) {
                return true;
            }
            at += Math.max(RTNH_SIZE, aligned(Short.toUnsignedInt(buffer.getShort(at))));
        }
        return end > buffer.capacity();
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

    /** Writes, at the start of a zeroed buffer, the question for all IPv4 addresses of this host. */
    public static void putAddressesQuestion(ByteBuffer buffer) {
        NetlinkMessage.putDump(buffer, RTM_GETADDR, Socket.AF_INET, IFA_SIZE);
    }

    /** Writes, at the start of a zeroed buffer, the question for all policy rules of IPv4. */
    public static void putRulesQuestion(ByteBuffer buffer) {
        NetlinkMessage.putDump(buffer, RTM_GETRULE, Socket.AF_INET, FIB_RULE_SIZE);
    }

    /** Writes, at the start of a zeroed buffer, the question for all links of this host, without their statistics. */
    public static void putLinksQuestion(ByteBuffer buffer) {
        NetlinkMessage.putDump(buffer, RTM_GETLINK, Socket.AF_INET, IFI_SIZE);
        buffer.putInt(add(buffer, IFLA_EXT_MASK, Integer.BYTES), RTEXT_FILTER_SKIP_STATS);
    }

    /** {@return whether the message at a place describes a link, or one that is gone} */
    public static boolean isLink(ByteBuffer buffer, int at) {
        short type = buffer.getShort(at + NLMSG_TYPE);
        return type == RTM_NEWLINK || type == RTM_DELLINK;
    }

    /** {@return the index of the link that the message at a place describes} */
    public static int linkIndex(ByteBuffer buffer, int at) {
        return buffer.getInt(at + IFI_INDEX);
    }

    /** {@return whether that link is up, but has no carrier: the kernel drops what is sent by it, and tells nobody} */
    public static boolean lacksCarrier(ByteBuffer buffer, int at) {
        return buffer.getShort(at + NLMSG_TYPE) == RTM_NEWLINK
                && (buffer.getInt(at + IFI_FLAGS) & (IFF_UP | IFF_LOWER_UP)) == IFF_UP;
    }

    /** {@return whether the message at a place names an address with which the kernel sends anywhere} */
    public static boolean isGlobalAddress(ByteBuffer buffer, int at) {
        return buffer.getShort(at + NLMSG_TYPE) == RTM_NEWADDR && buffer.get(at + IFA_SCOPE) == 0;
    }

    /** {@return whether the message at a place is the rule that the kernel adds with the first VRF} */
    public static boolean isVrfRule(ByteBuffer buffer, int at) {
        return buffer.getShort(at + NLMSG_TYPE) == RTM_NEWRULE
                && NetlinkMessage.find(buffer, at, FIB_RULE_SIZE, FRA_L3MDEV, 1) != 0;
    }

    private static int find(ByteBuffer buffer, short type, int size) {
        int end = Math.min(size(buffer), buffer.capacity());
        int at = RTA_LEN;
        while (at + RTA_HEADER + size <= end) {
            int length = Short.toUnsignedInt(buffer.getShort(at));
            if (buffer.getShort(at + Short.BYTES) == type) {
                return at + RTA_HEADER;
            }
            at += Math.max(RTA_HEADER, aligned(length));
        }
        return 0;
    }

    /** Attributes begin at multiples of four. */
    private static int aligned(int length) {
        return length + 3 & -4;
    }
}
