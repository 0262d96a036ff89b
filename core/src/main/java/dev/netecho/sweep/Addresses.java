// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;

/**
 * Addresses as two numbers, the 16 octets in network order. IPv4 is {@code ::ffff:0:0/96} (RFC 4291, section 2.5.5.2),
 * so that both families are one ordered space.
 */
final class Addresses {
    /** The upper half of the low number of an IPv4 address. */
    private static final long MAPPED = 0xffffL;

    private static final int IPV4_OCTETS = 4;

    private Addresses() {}

    static long ofIpv4(int address) {
        return (MAPPED << 32) | (address & 0xffffffffL);
    }

    static boolean isIpv4(long high, long low) {
        return high == 0 && low >>> 32 == MAPPED;
    }

    static long high(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets.length == IPV4_OCTETS ? 0 : ByteBuffer.wrap(octets).getLong();
    }

    static long low(InetAddress address) {
        ByteBuffer octets = ByteBuffer.wrap(address.getAddress());
        return octets.capacity() == IPV4_OCTETS ? ofIpv4(octets.getInt()) : octets.getLong(Long.BYTES);
    }

    static InetAddress toInetAddress(long high, long low) {
        byte[] octets = isIpv4(high, low)
                ? ByteBuffer.allocate(IPV4_OCTETS).putInt((int) low).array()
                : ByteBuffer.allocate(2 * Long.BYTES).putLong(high).putLong(low).array();
        try {
            return InetAddress.getByAddress(octets);
        } catch (UnknownHostException e) {
            throw new AssertionError("4 or 16 octets are an address", e);
        }
    }

    static String text(long high, long low) {
        return toInetAddress(high, low).getHostAddress();
    }

    static int compare(long high, long low, long otherHigh, long otherLow) {
        int order = Long.compareUnsigned(high, otherHigh);
        return order != 0 ? order : Long.compareUnsigned(low, otherLow);
    }

    /**
     * {@return an address that is written in numbers; no name is resolved}
     *
     * @throws IllegalArgumentException if it is not one
     */
    static InetAddress parse(String text) {
        if (text.indexOf('%') >= 0) {
            throw new IllegalArgumentException("\"" + text + "\" has a zone; a sweep takes addresses without one");
        }
        try {
            if (text.indexOf(':') < 0) {
                return toInetAddress(0, ofIpv4(ipv4(text)));
            }
            // With a colon it is never taken for a name.
            return InetAddress.getByName(text);
        } catch (UnknownHostException e) {
            throw notAnAddress(text);
        }
    }

    /** Four decimal numbers. A leading zero is refused, because some programs read it as octal (RFC 6943, 3.1.1). */
    private static int ipv4(String text) {
        int address = 0;
        int at = 0;
        for (int octet = 0; octet < IPV4_OCTETS; octet++) {
            int start = at;
            int value = 0;
            while (at < text.length() && text.charAt(at) >= '0' && text.charAt(at) <= '9' && at - start < 3) {
                value = value * 10 + text.charAt(at++) - '0';
            }
            boolean ends =
                    octet == IPV4_OCTETS - 1 ? at == text.length() : at < text.length() && text.charAt(at) == '.';
            if (at == start || value > 255 || (at - start > 1 && text.charAt(start) == '0') || !ends) {
                throw notAnAddress(text);
            }
            at++;
            address = (address << 8) | value;
        }
        return address;
    }

    private static IllegalArgumentException notAnAddress(String text) {
        return new IllegalArgumentException("\"" + text + "\" is not an address; give one such as 192.0.2.1 or"
                + " 2001:db8::1, a network such as 192.0.2.0/24, or a range such as 192.0.2.1-192.0.2.9");
    }
}
