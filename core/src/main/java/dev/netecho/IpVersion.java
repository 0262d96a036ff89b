// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A version of the Internet Protocol, with the numbers that differ between ICMP and ICMPv6 echo. */
public enum IpVersion {
    /** IPv4 (RFC 791) with ICMP (RFC 792). */
    V4("IPv4", 8, 0, 1, 20),
    /** IPv6 (RFC 8200) with ICMPv6 (RFC 4443). */
    V6("IPv6", 128, 129, 58, 40);

    private final String text;
    private final int echoRequestType;
    private final int echoReplyType;
    private final int icmpProtocol;
    private final int minimumHeaderLength;

    IpVersion(String text, int echoRequestType, int echoReplyType, int icmpProtocol, int minimumHeaderLength) {
        this.text = text;
        this.echoRequestType = echoRequestType;
        this.echoReplyType = echoReplyType;
        this.icmpProtocol = icmpProtocol;
        this.minimumHeaderLength = minimumHeaderLength;
    }

    /**
     * {@return the version that an address belongs to}
     *
     * @param address the address
     */
    public static IpVersion of(InetAddress address) {
        return address instanceof Inet4Address ? V4 : V6;
    }

    /** {@return its name in texts: {@code IPv4} or {@code IPv6}} */
    public String text() {
        return text;
    }

    /** {@return {@link #text()}} */
    @Override
    public String toString() {
        return text;
    }

    /** {@return the ICMP type of an echo request: 8 or 128} */
    public int echoRequestType() {
        return echoRequestType;
    }

    /** {@return the ICMP type of an echo reply: 0 or 129} */
    public int echoReplyType() {
        return echoReplyType;
    }

    /** {@return the number of ICMP in the protocol field (IPv4, 1) or the next header field (IPv6, 58)} */
    public int icmpProtocol() {
        return icmpProtocol;
    }

    /** {@return the bytes of an IP header without options or extension headers: 20 or 40} */
    public int minimumHeaderLength() {
        return minimumHeaderLength;
    }
}
