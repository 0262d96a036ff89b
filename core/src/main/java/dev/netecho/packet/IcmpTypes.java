// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import dev.netecho.IpVersion;

/**
 * The ICMP message types that matter to an echo requester, and which of them report an error.
 *
 * <p>RFC 792 for IPv4; RFC 4443 and, for the redirect, RFC 4861 for IPv6.
 */
public final class IcmpTypes {
    /** Echo reply, IPv4. */
    public static final int V4_ECHO_REPLY = 0;
    /** Destination unreachable, IPv4; code 4 is "fragmentation needed" with the next-hop MTU of RFC 1191. */
    public static final int V4_DESTINATION_UNREACHABLE = 3;
    /** Source quench, IPv4; deprecated by RFC 6633. */
    public static final int V4_SOURCE_QUENCH = 4;
    /** Redirect, IPv4; the packet it quotes was forwarded nevertheless. */
    public static final int V4_REDIRECT = 5;
    /** Echo request, IPv4. */
    public static final int V4_ECHO_REQUEST = 8;
    /** Time exceeded, IPv4. */
    public static final int V4_TIME_EXCEEDED = 11;
    /** Parameter problem, IPv4. */
    public static final int V4_PARAMETER_PROBLEM = 12;
    /** Destination unreachable, IPv6. */
    public static final int V6_DESTINATION_UNREACHABLE = 1;
    /** Packet too big, IPv6. */
    public static final int V6_PACKET_TOO_BIG = 2;
    /** Time exceeded, IPv6. */
    public static final int V6_TIME_EXCEEDED = 3;
    /** Parameter problem, IPv6. */
    public static final int V6_PARAMETER_PROBLEM = 4;
    /** Echo request, IPv6. */
    public static final int V6_ECHO_REQUEST = 128;
    /** Echo reply, IPv6. */
    public static final int V6_ECHO_REPLY = 129;
    /** Redirect, IPv6; its layout differs from that of the error messages. */
    public static final int V6_REDIRECT = 137;

    private IcmpTypes() {}

    /**
     * {@return whether messages of this type carry the eight bytes of an error's header and then quote a packet}
     *
     * <p>True for 3, 4, 5, 11 and 12 of IPv4 and for 0 to 127 of IPv6: RFC 4443, 2.4 (a) has errors of unknown type
     * passed on. RFC 1122, 3.2.2 has those of IPv4 discarded. A redirect of IPv4 has that layout too, although it
     * reports no failure: see {@link #isRedirect}.
     *
     * @param version the IP version that carried the message
     * @param type the type, 0 to 255
     */
    public static boolean isError(IpVersion version, int type) {
        if (version == IpVersion.V6) {
            return type < V6_ECHO_REQUEST;
        }
        return (type >= V4_DESTINATION_UNREACHABLE && type <= V4_REDIRECT)
                || type == V4_TIME_EXCEEDED
                || type == V4_PARAMETER_PROBLEM;
    }

    /**
     * {@return whether this is a redirect: 5 of IPv4, 137 of IPv6}
     *
     * @param version the IP version that carried the message
     * @param type the type, 0 to 255
     */
    public static boolean isRedirect(IpVersion version, int type) {
        return type == (version == IpVersion.V6 ? V6_REDIRECT : V4_REDIRECT);
    }
}
