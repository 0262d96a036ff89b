// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/**
 * What an ICMP error message means, for both families in one vocabulary.
 *
 * <p>The raw type and code are in {@link EchoOutcome.IcmpError}. Further constants may be added in a minor version;
 * code that switches over them needs a default branch.
 */
public enum IcmpErrorKind {
    /** A router has no route to the network (RFC 792 3/0, 3/6, 3/11; RFC 4443 1/0). */
    NETWORK_UNREACHABLE,
    /** The last router cannot reach the host (RFC 792 3/1; RFC 1122 3/7, 3/8, 3/12; RFC 1812 3/14, 3/15). */
    HOST_UNREACHABLE,
    /** The host does not speak the protocol (3/2). */
    PROTOCOL_UNREACHABLE,
    /** The host has no such port, or a packet filter pretends so (3/3; RFC 4443 1/4). */
    PORT_UNREACHABLE,
    /** The packet is larger than a link on the path and must not be fragmented (3/4). */
    FRAGMENTATION_NEEDED,
    /** The packet is larger than a link on the path: IPv6 routers never fragment (RFC 4443 type 2). */
    PACKET_TOO_BIG,
    /** The source route cannot be followed (3/5). */
    SOURCE_ROUTE_FAILED,
    /** Policy forbids it (RFC 1122 3/9, 3/10; RFC 1812 3/13; RFC 4443 1/1, 1/5, 1/6). */
    ADMINISTRATIVELY_PROHIBITED,
    /** The hop limit (IPv4: TTL) ran out on the way (11/0; RFC 4443 3/0). */
    HOP_LIMIT_EXCEEDED,
    /** The destination gave up waiting for fragments (11/1; RFC 4443 3/1). */
    REASSEMBLY_TIME_EXCEEDED,
    /** A router or host could not parse the packet (type 12; RFC 4443 type 4). */
    PARAMETER_PROBLEM,
    /** The last router cannot resolve the address (RFC 4443 1/3). */
    ADDRESS_UNREACHABLE,
    /** Obsolete by RFC 6633 (type 4). Reported only where the operating system ends the request with it. */
    SOURCE_QUENCH,
    /** Any other type or code: look at the raw values. */
    OTHER;

    private static final int DESTINATION_UNREACHABLE = 3;

    /**
     * {@return the kind of an ICMP (IPv4) message}
     *
     * @param type the ICMP type, 0 to 255
     * @param code the ICMP code, 0 to 255
     */
    public static IcmpErrorKind ofIcmpv4(int type, int code) {
        return switch (type) {
            case DESTINATION_UNREACHABLE -> ofIcmpv4Unreachable(code);
            // Whatever its code: RFC 6633, 4 has hosts discard the message by its type.
            case 4 -> SOURCE_QUENCH;
            case 11 -> ofTimeExceeded(code);
            case 12 -> PARAMETER_PROBLEM;
            default -> OTHER;
        };
    }

    /**
     * {@return the kind of an ICMPv6 message}
     *
     * @param type the ICMPv6 type, 0 to 255
     * @param code the ICMPv6 code, 0 to 255
     */
    public static IcmpErrorKind ofIcmpv6(int type, int code) {
        return switch (type) {
            case 1 -> ofIcmpv6Unreachable(code);
            // RFC 4443, 3.2: the code of Packet Too Big is 0 and ignored by the receiver.
            case 2 -> PACKET_TOO_BIG;
            case 3 -> ofTimeExceeded(code);
            case 4 -> PARAMETER_PROBLEM;
            default -> OTHER;
        };
    }

    private static IcmpErrorKind ofIcmpv4Unreachable(int code) {
        return switch (code) {
            case 0, 6, 11 -> NETWORK_UNREACHABLE;
            case 1, 7, 8, 12, 14, 15 -> HOST_UNREACHABLE;
            case 2 -> PROTOCOL_UNREACHABLE;
            case 3 -> PORT_UNREACHABLE;
            case 4 -> FRAGMENTATION_NEEDED;
            case 5 -> SOURCE_ROUTE_FAILED;
            case 9, 10, 13 -> ADMINISTRATIVELY_PROHIBITED;
            default -> OTHER;
        };
    }

    private static IcmpErrorKind ofIcmpv6Unreachable(int code) {
        return switch (code) {
            case 0 -> NETWORK_UNREACHABLE;
            case 1, 5, 6 -> ADMINISTRATIVELY_PROHIBITED;
            case 3 -> ADDRESS_UNREACHABLE;
            case 4 -> PORT_UNREACHABLE;
            default -> OTHER;
        };
    }

    private static IcmpErrorKind ofTimeExceeded(int code) {
        return switch (code) {
            case 0 -> HOP_LIMIT_EXCEEDED;
            case 1 -> REASSEMBLY_TIME_EXCEEDED;
            default -> OTHER;
        };
    }
}
