// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.windows.win32.IpStatus;
import dev.netecho.windows.win32.Win32Error;
import org.jspecify.annotations.Nullable;

/**
 * What the system's numbers mean. IPv4 and IPv6 differ: 11004 is "protocol unreachable" for one and "administratively
 * prohibited" for the other. Several ICMP codes share one IP_STATUS, so raw codes are not known.
 */
final class StatusTable {
    private StatusTable() {}

    /** {@return the meaning of an ICMP error's IP_STATUS; null if it is none} */
    static @Nullable IcmpErrorKind icmpError(IpVersion version, int status) {
        return version == IpVersion.V4 ? icmpv4(status) : icmpv6(status);
    }

    private static @Nullable IcmpErrorKind icmpv4(int status) {
        return switch (status) {
            case IpStatus.IP_DEST_NET_UNREACHABLE -> IcmpErrorKind.NETWORK_UNREACHABLE;
            case IpStatus.IP_DEST_HOST_UNREACHABLE -> IcmpErrorKind.HOST_UNREACHABLE;
            case IpStatus.IP_DEST_PROT_UNREACHABLE -> IcmpErrorKind.PROTOCOL_UNREACHABLE;
            case IpStatus.IP_DEST_PORT_UNREACHABLE -> IcmpErrorKind.PORT_UNREACHABLE;
            case IpStatus.IP_PACKET_TOO_BIG -> IcmpErrorKind.FRAGMENTATION_NEEDED;
            case IpStatus.IP_BAD_ROUTE -> IcmpErrorKind.SOURCE_ROUTE_FAILED;
            case IpStatus.IP_TTL_EXPIRED_TRANSIT -> IcmpErrorKind.HOP_LIMIT_EXCEEDED;
            case IpStatus.IP_TTL_EXPIRED_REASSEM -> IcmpErrorKind.REASSEMBLY_TIME_EXCEEDED;
            case IpStatus.IP_PARAM_PROBLEM -> IcmpErrorKind.PARAMETER_PROBLEM;
            case IpStatus.IP_SOURCE_QUENCH -> IcmpErrorKind.SOURCE_QUENCH;
            // Documented for IPv6 only; what they say is the same.
            case IpStatus.IP_TIME_EXCEEDED -> IcmpErrorKind.HOP_LIMIT_EXCEEDED;
            case IpStatus.IP_DEST_UNREACHABLE, IpStatus.IP_ICMP_ERROR -> IcmpErrorKind.OTHER;
            // Of IPv6; but if another host answered, it is not a failure of this host.
            case IpStatus.IP_BAD_HEADER, IpStatus.IP_UNRECOGNIZED_NEXT_HEADER, IpStatus.IP_DEST_SCOPE_MISMATCH ->
                IcmpErrorKind.OTHER;
            default -> null;
        };
    }

    private static @Nullable IcmpErrorKind icmpv6(int status) {
        return switch (status) {
            case IpStatus.IP_DEST_NET_UNREACHABLE -> IcmpErrorKind.NETWORK_UNREACHABLE;
            case IpStatus.IP_DEST_HOST_UNREACHABLE -> IcmpErrorKind.ADDRESS_UNREACHABLE;
            case IpStatus.IP_DEST_PROT_UNREACHABLE -> IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED;
            case IpStatus.IP_DEST_PORT_UNREACHABLE -> IcmpErrorKind.PORT_UNREACHABLE;
            case IpStatus.IP_PACKET_TOO_BIG -> IcmpErrorKind.PACKET_TOO_BIG;
            case IpStatus.IP_TTL_EXPIRED_TRANSIT, IpStatus.IP_TIME_EXCEEDED -> IcmpErrorKind.HOP_LIMIT_EXCEEDED;
            case IpStatus.IP_TTL_EXPIRED_REASSEM -> IcmpErrorKind.REASSEMBLY_TIME_EXCEEDED;
            case IpStatus.IP_PARAM_PROBLEM, IpStatus.IP_BAD_HEADER, IpStatus.IP_UNRECOGNIZED_NEXT_HEADER ->
                IcmpErrorKind.PARAMETER_PROBLEM;
            // "Unreachable" without a code, and code 2 of RFC 4443, 3.1, which has no kind of its own.
            case IpStatus.IP_DEST_UNREACHABLE, IpStatus.IP_ICMP_ERROR, IpStatus.IP_DEST_SCOPE_MISMATCH ->
                IcmpErrorKind.OTHER;
            // Of IPv4; but if another host answered, it is not a failure of this host.
            case IpStatus.IP_BAD_ROUTE, IpStatus.IP_SOURCE_QUENCH -> IcmpErrorKind.OTHER;
            default -> null;
        };
    }

    /**
     * {@return whether a number says only that something failed: the driver's own, or an NTSTATUS without a meaning
     * here}
     */
    static boolean isGeneralFailure(int number) {
        return number == IpStatus.IP_GENERAL_FAILURE || number < 0;
    }

    /** {@return why a request that ended with this IP_STATUS or NTSTATUS, and without a responder, was not sent} */
    static NotSentReason refusalByStatus(IpVersion version, int status) {
        return switch (status) {
            // IP_DEST_PROHIBITED for IPv6: without a responder it is this host that prohibits it.
            case IpStatus.IP_DEST_PROT_UNREACHABLE ->
                version == IpVersion.V6 ? NotSentReason.NOT_PERMITTED : NotSentReason.OS_ERROR;
            case Win32Error.STATUS_ACCESS_DENIED -> NotSentReason.NOT_PERMITTED;
            case Win32Error.STATUS_NETWORK_UNREACHABLE, Win32Error.STATUS_HOST_UNREACHABLE -> NotSentReason.NO_ROUTE;
            case Win32Error.STATUS_NOT_SUPPORTED -> NotSentReason.UNSUPPORTED;
            case IpStatus.IP_DEST_NET_UNREACHABLE, IpStatus.IP_DEST_HOST_UNREACHABLE, IpStatus.IP_DEST_UNREACHABLE ->
                NotSentReason.NO_ROUTE;
            case IpStatus.IP_PACKET_TOO_BIG -> NotSentReason.TOO_LARGE;
            case IpStatus.IP_BAD_DESTINATION -> NotSentReason.INVALID_DESTINATION;
            case IpStatus.IP_ADDR_DELETED -> NotSentReason.SOURCE_UNAVAILABLE;
            case IpStatus.IP_NO_RESOURCES,
                    Win32Error.STATUS_NO_MEMORY,
                    Win32Error.STATUS_INSUFFICIENT_RESOURCES,
                    Win32Error.STATUS_WORKING_SET_QUOTA,
                    Win32Error.STATUS_QUOTA_EXCEEDED -> NotSentReason.OVERLOADED;
            default -> NotSentReason.OS_ERROR;
        };
    }

    /** {@return whether a call failed at once because the system has no room for one more request: nothing was sent} */
    static boolean isLackOfRoom(int error) {
        return refusalByError(IpVersion.V4, error, false) == NotSentReason.OVERLOADED;
    }

    /**
     * {@return why a call failed at once}
     *
     * @param version the family of the call
     * @param error a Win32 error, or from 11000 on an IP_STATUS
     * @param hasSource whether the request named a source: ERROR_INVALID_NETNAME means either address, and the
     *     destination was checked before
     */
    static NotSentReason refusalByError(IpVersion version, int error, boolean hasSource) {
        return switch (error) {
            case Win32Error.ERROR_ACCESS_DENIED, Win32Error.WSAEACCES -> NotSentReason.NOT_PERMITTED;
            // RtlNtStatusToDosError's numbers for the NTSTATUS that are OVERLOADED above.
            case Win32Error.ERROR_NOT_ENOUGH_MEMORY,
                    Win32Error.ERROR_NO_SYSTEM_RESOURCES,
                    Win32Error.ERROR_WORKING_SET_QUOTA,
                    Win32Error.ERROR_NOT_ENOUGH_QUOTA -> NotSentReason.OVERLOADED;
            case Win32Error.ERROR_NOT_SUPPORTED, Win32Error.ERROR_CALL_NOT_IMPLEMENTED, Win32Error.WSAEAFNOSUPPORT ->
                NotSentReason.UNSUPPORTED;
            case Win32Error.ERROR_INVALID_NETNAME, Win32Error.WSAEADDRNOTAVAIL ->
                hasSource ? NotSentReason.SOURCE_UNAVAILABLE : NotSentReason.INVALID_DESTINATION;
            // Those numbers of the JDK's isReachable (Inet4AddressImpl.c) that winerror.h calls unreachable. The
            // others, such as ERROR_REQUEST_ABORTED and ERROR_PORT_UNREACHABLE, say nothing about a route.
            case Win32Error.ERROR_NO_NETWORK,
                    Win32Error.ERROR_NETWORK_UNREACHABLE,
                    Win32Error.ERROR_HOST_UNREACHABLE,
                    Win32Error.ERROR_HOST_DOWN,
                    Win32Error.WSAENETDOWN,
                    Win32Error.WSAENETUNREACH,
                    Win32Error.WSAEHOSTUNREACH -> NotSentReason.NO_ROUTE;
            default -> error >= IpStatus.IP_STATUS_BASE ? refusalByStatus(version, error) : NotSentReason.OS_ERROR;
        };
    }
}
