// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

/** Constants of ip(7). */
public final class Ip {
    /** The level of the options and control messages of IPv4. */
    public static final int IPPROTO_IP = 0;

    /** Option: the type of service; as received control data one byte. */
    public static final int IP_TOS = 1;

    /** Option and control data: the time to live, an int of four bytes (the kernel refuses one byte). */
    public static final int IP_TTL = 2;

    /** Option and control data {@link InPktinfo}. */
    public static final int IP_PKTINFO = 8;

    public static final int IP_MTU_DISCOVER = 10;

    /** Option and control data {@link SockExtendedErr}. */
    public static final int IP_RECVERR = 11;

    /** Option: deliver control data of type {@link #IP_TTL}. */
    public static final int IP_RECVTTL = 12;

    /** Option: deliver control data of type {@link #IP_TOS}. */
    public static final int IP_RECVTOS = 13;

    public static final int IP_FREEBIND = 15;
    public static final int IP_TRANSPARENT = 19;

    /** Option: tell in {@link SockExtendedErr} where the extension of an ICMP error begins; Linux 5.9. */
    public static final int IP_RECVERR_RFC4884 = 26;

    public static final int IP_UNICAST_IF = 50;

    /** Never sets don't-fragment. */
    public static final int IP_PMTUDISC_DONT = 0;

    /** The default: sets don't-fragment on what fits the known path MTU and fragments the rest. */
    public static final int IP_PMTUDISC_WANT = 1;

    /** Sets don't-fragment; what exceeds the known path MTU fails at the sender with EMSGSIZE. */
    public static final int IP_PMTUDISC_DO = 2;

    /** Sets don't-fragment and ignores the known path MTU: only the MTU of the interface counts. */
    public static final int IP_PMTUDISC_PROBE = 3;

    /** Never sets don't-fragment, ignores the known path MTU, and fragments to the MTU of the interface; Linux 3.14. */
    public static final int IP_PMTUDISC_OMIT = 5;

    private Ip() {}
}
