// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** Address literals; nothing is resolved and nothing is sent to them. */
final class Addresses {
    static final InetAddress V4 = ip("192.0.2.1");
    static final InetAddress V6 = ip("2001:db8::1");

    private Addresses() {}

    @SuppressWarnings("AddressSelection") // a literal has one address
    static InetAddress ip(String literal) {
        if (!literal.contains(":") && !literal.matches("[0-9.]+")) {
            throw new IllegalArgumentException(literal + " is not an address literal");
        }
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException(literal, e);
        }
    }
}
