// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/**
 * IPsec policies as linux/xfrm.h lays them out, {@code xfrm_userpolicy_info} after the {@linkplain NetlinkMessage
 * header}.
 *
 * <pre>
 *  0 sel.daddr         network order     44 sel.proto  u8, 0 for any
 * 16 sel.saddr         network order    160 dir        u8
 * 40 sel.family        u16              161 action     u8
 * 42 sel.prefixlen_d   u8
 * 43 sel.prefixlen_s   u8
 * </pre>
 */
public final class Xfrm {
    public static final int NETLINK_XFRM = 6;
    public static final int XFRM_MSG_NEWPOLICY = 0x13;
    public static final int XFRM_MSG_GETPOLICY = 0x15;

    static final int XFRMNLGRP_POLICY = 4;
    static final int SOURCE = 16;
    static final int FAMILY = 40;
    static final int DESTINATION_BITS = 42;
    static final int SOURCE_BITS = 43;
    static final int PROTOCOL = 44;
    static final int DIRECTION = 160;
    static final int ACTION = 161;
    static final int POLICY_SIZE = 168;
    static final int XFRM_POLICY_OUT = 1;
    static final int XFRM_POLICY_ALLOW = 0;
    static final int XFRMA_TMPL = 5;
    static final int XFRMA_IF_ID = 31;

    private static final int ICMP = 1;

    private Xfrm() {}

    /**
     * {@return whether a policy may encrypt or stop what this host sends over IPv4 by ICMP}
     *
     * <p>Not if it lets packets pass in the clear, nor if it is for an interface of IPsec (ip-link(8), {@code xfrm}).
     */
    public static boolean concernsIcmpOut(ByteBuffer buffer, int message) {
        int at = message + NetlinkMessage.HEADER;
        short family = buffer.getShort(at + FAMILY);
        int protocol = Byte.toUnsignedInt(buffer.get(at + PROTOCOL));
        int device = NetlinkMessage.find(buffer, message, POLICY_SIZE, XFRMA_IF_ID, Integer.BYTES);
        return buffer.get(at + DIRECTION) == XFRM_POLICY_OUT
                && (family == 0 || family == Socket.AF_INET)
                && (protocol == 0 || protocol == ICMP)
                && (device == 0 || buffer.getInt(device) == 0)
                && (buffer.get(at + ACTION) != XFRM_POLICY_ALLOW
                        || NetlinkMessage.find(buffer, message, POLICY_SIZE, XFRMA_TMPL, 0) != 0);
    }

    /** {@return the IPv4 network of destinations} */
    public static int destination(ByteBuffer buffer, int message) {
        return NetworkOrder.getInt(buffer, message + NetlinkMessage.HEADER);
    }

    public static int destinationBits(ByteBuffer buffer, int message) {
        return Byte.toUnsignedInt(buffer.get(message + NetlinkMessage.HEADER + DESTINATION_BITS));
    }

    /** {@return the IPv4 network of sources} */
    public static int source(ByteBuffer buffer, int message) {
        return NetworkOrder.getInt(buffer, message + NetlinkMessage.HEADER + SOURCE);
    }

    public static int sourceBits(ByteBuffer buffer, int message) {
        return Byte.toUnsignedInt(buffer.get(message + NetlinkMessage.HEADER + SOURCE_BITS));
    }

    /**
     * Writes, at the start of a buffer, a {@code sockaddr_nl} of the group that reports changes of policies.
     *
     * @return its size
     */
    public static int putPolicyGroup(ByteBuffer buffer) {
        return Rtnetlink.putGroup(buffer, 1 << (XFRMNLGRP_POLICY - 1));
    }
}
