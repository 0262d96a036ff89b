// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

/** Constants of icmp(7) and raw(7), for both versions of ICMP. */
public final class Icmp {
    public static final int IPPROTO_ICMP = 1;

    /** The protocol, and the level of {@link #ICMP6_FILTER}. */
    public static final int IPPROTO_ICMPV6 = 58;

    /** The level of {@link #ICMP_FILTER}. */
    public static final int SOL_RAW = 255;

    /** Raw IPv4 sockets only, level {@link #SOL_RAW}: see {@link IcmpTypeFilter}. */
    public static final int ICMP_FILTER = 1;

    /** Raw IPv6 sockets only, level {@link #IPPROTO_ICMPV6}: see {@link IcmpTypeFilter}. */
    public static final int ICMP6_FILTER = 1;

    private Icmp() {}
}
