// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

/**
 * What rtnetlink(7) tells of whole tables: IPv4 routes ({@code rtmsg}), rules ({@code fib_rule_hdr}) and neighbours
 * ({@code ndmsg}), each after the {@linkplain NetlinkMessage header}.
 *
 * <pre>
 * routes and rules                              neighbours
 *  0 family   u8                                 0 family   u8
 *  1 dst_len  u8, bits                           4 ifindex  s32
 *  2 src_len  u8, bits                           8 state    u16, NUD_*
 *  3 tos      u8
 *  4 table    u8, if it has no attribute
 *  7 type     u8, RTN_*; of rules: action, FR_ACT_*
 *  8 flags    u32
 * </pre>
 */
public final class RoutingTables {
    /** The size of all three. */
    public static final int FIXED = 12;

    public static final int RTM_NEWROUTE = 24;
    public static final int RTM_DELROUTE = 25;
    public static final int RTM_GETROUTE = 26;
    public static final int RTM_NEWNEIGH = 28;
    public static final int RTM_GETNEIGH = 30;
    public static final int RTM_NEWRULE = 32;
    public static final int RTM_GETRULE = 34;

    public static final int DESTINATION_BITS = 1;
    public static final int SOURCE_BITS = 2;
    public static final int CLASS = 3;
    public static final int TABLE = 4;
    public static final int TYPE = 7;
    public static final int FLAGS = 8;

    public static final int RTN_UNICAST = 1;
    public static final int RTN_LOCAL = 2;
    public static final int RTN_THROW = 9;
    public static final int RTNH_F_DEAD = 1;
    public static final int RTM_F_CLONED = 0x200;
    public static final int RTA_DST = 1;
    public static final int RTA_OIF = 4;
    public static final int RTA_GATEWAY = 5;
    public static final int RTA_PRIORITY = 6;
    public static final int RTA_PREFSRC = 7;
    public static final int RTA_MULTIPATH = 9;
    public static final int RTA_TABLE = 15;
    public static final int RTA_ENCAP = 22;

    public static final int RT_TABLE_DEFAULT = 253;
    public static final int RT_TABLE_MAIN = 254;
    public static final int RT_TABLE_LOCAL = 255;

    public static final int FR_ACT_TO_TBL = 1;
    public static final int FR_ACT_NOP = 3;
    public static final int FIB_RULE_INVERT = 2;
    public static final int FRA_DST = 1;
    public static final int FRA_SRC = 2;
    public static final int FRA_IIFNAME = 3;
    public static final int FRA_PRIORITY = 6;
    public static final int FRA_FLOW = 11;
    public static final int FRA_TUN_ID = 12;
    public static final int FRA_SUPPRESS_PREFIXLEN = 14;
    public static final int FRA_TABLE = 15;
    public static final int FRA_OIFNAME = 17;
    public static final int FRA_PAD = 18;
    public static final int FRA_PROTOCOL = 21;
    public static final int FRA_IP_PROTO = 22;

    public static final int NEIGHBOUR_INTERFACE = 4;
    public static final int NEIGHBOUR_STATE = 8;

    /** All states in which the address is known. */
    public static final int NUD_VALID = 0xde;

    /** Those in which nobody has to confirm it: NUD_NOARP, NUD_PERMANENT. */
    public static final int NUD_STATIC = 0xc0;

    public static final int NDA_DST = 1;
    public static final int NDA_LLADDR = 2;

    /** Begins with the time since the last confirmation, in hundredths of a second (linux/neighbour.h). */
    public static final int NDA_CACHEINFO = 3;

    private RoutingTables() {}
}
