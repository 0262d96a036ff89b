// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/**
 * What a backend can do on this host. A request for what is missing ends with {@link NotSentReason#UNSUPPORTED};
 * nothing is silently left out.
 */
public enum EchoCapability {
    /** IPv4 destinations. */
    IPV4,
    /**
     * IPv6 destinations. Addresses come and go while a requester is open, so a host without an address to send from has
     * it too. Requests then end with {@link NotSentReason#NO_ROUTE}, and {@code availability()} of a provider says so.
     */
    IPV6,
    /** {@link EchoRequest#source()} is honoured. */
    SOURCE_ADDRESS,
    /** {@link EchoOptions#hopLimit()} is honoured for IPv4: the time to live of RFC 791. */
    HOP_LIMIT_IPV4,
    /** {@link EchoOptions#hopLimit()} is honoured for IPv6. */
    HOP_LIMIT_IPV6,
    /** {@link EchoOptions#trafficClass()} is honoured for IPv4: the type of service of RFC 791. */
    TRAFFIC_CLASS_IPV4,
    /** {@link EchoOptions#trafficClass()} is honoured for IPv6. */
    TRAFFIC_CLASS_IPV6,
    /** {@link EchoOptions#dontFragment()} is honoured for IPv4. */
    DONT_FRAGMENT_IPV4,
    /** {@link EchoOptions#dontFragment()} is honoured for IPv6: the sending host does not fragment either. */
    DONT_FRAGMENT_IPV6,
    /** Round-trip times end with the kernel's receive timestamp. */
    KERNEL_TIMESTAMPS,
    /** The hop limit of IPv4 replies is reported. */
    REPLY_HOP_LIMIT_IPV4,
    /** The hop limit of IPv6 replies is reported. */
    REPLY_HOP_LIMIT_IPV6,
    /** ICMP errors carry their raw type and code. */
    RAW_ERROR_CODES,
    /** "Fragmentation needed" and "packet too big" carry the next-hop MTU. */
    NEXT_HOP_MTU,
    /** {@link EchoOptions#interfaceName()} is honoured. */
    INTERFACE,
    /** {@link EchoOptions#mark()} is honoured. */
    MARK,
    /** ICMP errors carry the objects that the router added (RFC 4884), such as MPLS labels. */
    ERROR_EXTENSIONS
}
