// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which of a name's addresses may be pinged. */
enum AddressFamily {
    ANY("IP"),
    IPV4("IPv4"),
    IPV6("IPv6");

    private final String label;

    AddressFamily(String label) {
        this.label = label;
    }

    static AddressFamily of(InetAddress address) {
        return address instanceof Inet4Address ? IPV4 : IPV6;
    }

    boolean accepts(InetAddress address) {
        return this == ANY || this == of(address);
    }

    @Override
    public String toString() {
        return label;
    }
}
