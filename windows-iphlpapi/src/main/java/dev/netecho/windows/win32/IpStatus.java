// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

/** The IP_STATUS values of ipexport.h. Several mean something else for IPv6: {@link #name(int, boolean)}. */
public final class IpStatus {
    public static final int IP_SUCCESS = 0;
    public static final int IP_BUF_TOO_SMALL = 11001;
    public static final int IP_DEST_NET_UNREACHABLE = 11002;
    public static final int IP_DEST_HOST_UNREACHABLE = 11003;
    public static final int IP_DEST_PROT_UNREACHABLE = 11004;
    public static final int IP_DEST_PORT_UNREACHABLE = 11005;
    public static final int IP_NO_RESOURCES = 11006;
    public static final int IP_BAD_OPTION = 11007;
    public static final int IP_HW_ERROR = 11008;
    public static final int IP_PACKET_TOO_BIG = 11009;
    public static final int IP_REQ_TIMED_OUT = 11010;
    public static final int IP_BAD_REQ = 11011;
    public static final int IP_BAD_ROUTE = 11012;
    public static final int IP_TTL_EXPIRED_TRANSIT = 11013;
    public static final int IP_TTL_EXPIRED_REASSEM = 11014;
    public static final int IP_PARAM_PROBLEM = 11015;
    public static final int IP_SOURCE_QUENCH = 11016;
    public static final int IP_OPTION_TOO_BIG = 11017;
    public static final int IP_BAD_DESTINATION = 11018;
    public static final int IP_ADDR_DELETED = 11019;
    public static final int IP_SPEC_MTU_CHANGE = 11020;
    public static final int IP_MTU_CHANGE = 11021;
    public static final int IP_UNLOAD = 11022;
    public static final int IP_DEST_UNREACHABLE = 11040;
    public static final int IP_TIME_EXCEEDED = 11041;
    public static final int IP_BAD_HEADER = 11042;
    public static final int IP_UNRECOGNIZED_NEXT_HEADER = 11043;
    public static final int IP_ICMP_ERROR = 11044;
    public static final int IP_DEST_SCOPE_MISMATCH = 11045;
    public static final int IP_GENERAL_FAILURE = 11050;
    public static final int IP_PENDING = 11255;

    /** The first IP_STATUS that is not success: smaller numbers are Win32 errors. */
    public static final int IP_STATUS_BASE = 11000;

    private IpStatus() {}

    /**
     * {@return the name in ipexport.h; empty for an unknown value}
     *
     * @param status the value
     * @param ipv6 whether a function of IPv6 gave it
     */
    public static String name(int status, boolean ipv6) {
        return switch (status) {
            case IP_SUCCESS -> "IP_SUCCESS";
            case IP_BUF_TOO_SMALL -> "IP_BUF_TOO_SMALL";
            case IP_DEST_NET_UNREACHABLE -> ipv6 ? "IP_DEST_NO_ROUTE" : "IP_DEST_NET_UNREACHABLE";
            case IP_DEST_HOST_UNREACHABLE -> ipv6 ? "IP_DEST_ADDR_UNREACHABLE" : "IP_DEST_HOST_UNREACHABLE";
            case IP_DEST_PROT_UNREACHABLE -> ipv6 ? "IP_DEST_PROHIBITED" : "IP_DEST_PROT_UNREACHABLE";
            case IP_DEST_PORT_UNREACHABLE -> "IP_DEST_PORT_UNREACHABLE";
            case IP_NO_RESOURCES -> "IP_NO_RESOURCES";
            case IP_BAD_OPTION -> "IP_BAD_OPTION";
            case IP_HW_ERROR -> "IP_HW_ERROR";
            case IP_PACKET_TOO_BIG -> "IP_PACKET_TOO_BIG";
            case IP_REQ_TIMED_OUT -> "IP_REQ_TIMED_OUT";
            case IP_BAD_REQ -> "IP_BAD_REQ";
            case IP_BAD_ROUTE -> "IP_BAD_ROUTE";
            case IP_TTL_EXPIRED_TRANSIT -> ipv6 ? "IP_HOP_LIMIT_EXCEEDED" : "IP_TTL_EXPIRED_TRANSIT";
            case IP_TTL_EXPIRED_REASSEM -> ipv6 ? "IP_REASSEMBLY_TIME_EXCEEDED" : "IP_TTL_EXPIRED_REASSEM";
            case IP_PARAM_PROBLEM -> ipv6 ? "IP_PARAMETER_PROBLEM" : "IP_PARAM_PROBLEM";
            case IP_SOURCE_QUENCH -> "IP_SOURCE_QUENCH";
            case IP_OPTION_TOO_BIG -> "IP_OPTION_TOO_BIG";
            case IP_BAD_DESTINATION -> "IP_BAD_DESTINATION";
            case IP_ADDR_DELETED -> "IP_ADDR_DELETED";
            case IP_SPEC_MTU_CHANGE -> "IP_SPEC_MTU_CHANGE";
            case IP_MTU_CHANGE -> "IP_MTU_CHANGE";
            case IP_UNLOAD -> "IP_UNLOAD";
            case IP_DEST_UNREACHABLE -> "IP_DEST_UNREACHABLE";
            case IP_TIME_EXCEEDED -> "IP_TIME_EXCEEDED";
            case IP_BAD_HEADER -> "IP_BAD_HEADER";
            case IP_UNRECOGNIZED_NEXT_HEADER -> "IP_UNRECOGNIZED_NEXT_HEADER";
            case IP_ICMP_ERROR -> "IP_ICMP_ERROR";
            case IP_DEST_SCOPE_MISMATCH -> "IP_DEST_SCOPE_MISMATCH";
            case IP_GENERAL_FAILURE -> "IP_GENERAL_FAILURE";
            case IP_PENDING -> "IP_PENDING";
            default -> "";
        };
    }
}
