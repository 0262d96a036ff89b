// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

/** Constants of ipv6(7) and RFC 3542. */
public final class Ipv6 {
    /** The level of the options and control messages of IPv6. */
    public static final int IPPROTO_IPV6 = 41;

    public static final int IPV6_UNICAST_HOPS = 16;

    /** Takes the values of {@code IP_MTU_DISCOVER}: see {@link Ip}. */
    public static final int IPV6_MTU_DISCOVER = 23;

    /** Option and control data {@link SockExtendedErr}. */
    public static final int IPV6_RECVERR = 25;

    public static final int IPV6_V6ONLY = 26;

    /** Option: tell in {@link SockExtendedErr} where the extension of an ICMP error begins; Linux 5.9. */
    public static final int IPV6_RECVERR_RFC4884 = 31;

    /** Option: deliver control data of type {@link #IPV6_PKTINFO}. */
    public static final int IPV6_RECVPKTINFO = 49;

    /** Control data {@link In6Pktinfo}. */
    public static final int IPV6_PKTINFO = 50;

    /** Option: deliver control data of type {@link #IPV6_HOPLIMIT}. */
    public static final int IPV6_RECVHOPLIMIT = 51;

    /** Control data: the hop limit, an int. */
    public static final int IPV6_HOPLIMIT = 52;

    /** Option and control data: 1 forbids fragmentation at the sender. */
    public static final int IPV6_DONTFRAG = 62;

    /** Option: deliver control data of type {@link #IPV6_TCLASS}. */
    public static final int IPV6_RECVTCLASS = 66;

    /** Option and control data: the traffic class, an int. */
    public static final int IPV6_TCLASS = 67;

    public static final int IPV6_FREEBIND = 78;

    private Ipv6() {}
}
