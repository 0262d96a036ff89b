// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.UnknownHostException;

/** Numeric addresses; no name is ever resolved. */
final class Addresses {
    private Addresses() {}

    /** {@return the address of a numeric text} */
    static InetAddress of(String digits) {
        if (!digits.matches("[0-9a-f.:]*[.:][0-9a-f.:]*")) {
            throw new IllegalArgumentException("\"" + digits + "\" is not a numeric address");
        }
        try {
            return InetAddress.getByName(digits);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("\"" + digits + "\" is not a numeric address", e);
        }
    }

    /** {@return the address of 4 or 16 bytes} */
    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    /** {@return an IPv6 object, even for an IPv4-mapped address} */
    static Inet6Address sixOf(byte[] bytes) {
        return sixOf(bytes, -1);
    }

    /** {@return an IPv6 object with a scope; -1 is none} */
    static Inet6Address sixOf(byte[] bytes, int scope) {
        try {
            return Inet6Address.getByAddress(null, bytes, scope);
        } catch (UnknownHostException e) {
            throw new IllegalArgumentException("an address of IPv6 has 16 bytes, not " + bytes.length, e);
        }
    }
}
