// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.IpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * The addresses of the lab, counted from 0: 198.18.0.0/15, and the twins in 2001:2::/48 with the same digits.
 *
 * <pre>
 *  number   0       549          131071
 *  IPv4     198.18.0.0  198.18.2.37  198.19.255.255
 *  IPv6     2001:2::18:0:0  2001:2::18:2:37  2001:2::19:255:255
 * </pre>
 *
 * <p>RFC 2544 and RFC 5180 set both prefixes aside for tests of networks; the Internet does not route them.
 */
final class LabAddress {
    static final int COUNT = 1 << 17;
    static final int NONE = -1;

    private static final int IPV4_BASE = (198 << 24) | (18 << 16);
    private static final long IPV6_HIGH = 0x2001_0002_0000_0000L;
    private static final int FIRST_GROUP = 18;
    private static final int BYTE = 0xff;

    private LabAddress() {}

    /** {@return the number of an IPv4 address, or {@link #NONE} outside the lab} */
    static int number(int ipv4) {
        int number = ipv4 - IPV4_BASE;
        return number >= 0 && number < COUNT ? number : NONE;
    }

    /** {@return the number of an IPv6 address, or {@link #NONE} outside the lab or without an IPv4 twin} */
    static int number(long high, long low) {
        int first = decimal((int) (low >>> 32) & 0xffff);
        int second = decimal((int) (low >>> 16) & 0xffff);
        int third = decimal((int) (low & 0xffff));
        boolean known = high == IPV6_HIGH
                && low >>> 48 == 0
                && (first == FIRST_GROUP || first == FIRST_GROUP + 1)
                && second != NONE
                && third != NONE;
        return known ? ((first - FIRST_GROUP) << 16) | (second << 8) | third : NONE;
    }

    /** {@return the number of an address, or {@link #NONE}} */
    static int number(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.remaining() == Integer.BYTES ? number(bytes.getInt()) : number(bytes.getLong(), bytes.getLong());
    }

    /** {@return whether the address is in one of the prefixes} */
    static boolean isInside(InetAddress address) {
        return number(address) != NONE;
    }

    /** {@return whether the address is one of this side's own} */
    static boolean isSource(InetAddress address) {
        int number = number(address);
        return number >= 1 && number <= Lab.SOURCES;
    }

    /** {@return the address in network byte order: 4 or 16 bytes} */
    static byte[] bytes(IpVersion version, int number) {
        if (number < 0 || number >= COUNT) {
            throw new IllegalArgumentException("no address " + number + " in the lab: they are 0 to " + (COUNT - 1));
        }
        if (version == IpVersion.V4) {
            return bytes(IPV4_BASE + number, Integer.BYTES);
        }
        byte[] address = new byte[2 * Long.BYTES];
        System.arraycopy(bytes(IPV6_HIGH, Long.BYTES), 0, address, 0, Long.BYTES);
        long low = ((long) digits(FIRST_GROUP + (number >> 16)) << 32)
                | ((long) digits((number >> 8) & BYTE) << 16)
                | digits(number & BYTE);
        System.arraycopy(bytes(low, Long.BYTES), 0, address, Long.BYTES, Long.BYTES);
        return address;
    }

    /** {@return the first address of the prefix: 198.18.0.0 or 2001:2::} */
    static InetAddress prefix(IpVersion version) {
        byte[] first = bytes(version, 0);
        if (version == IpVersion.V6) {
            Arrays.fill(first, Long.BYTES, first.length, (byte) 0);
        }
        return of(first);
    }

    /** {@return the same as {@link #bytes}} */
    static InetAddress of(IpVersion version, int number) {
        return of(bytes(version, number));
    }

    /** {@return the address of 4 or 16 bytes} */
    static InetAddress of(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }

    private static byte[] bytes(long value, int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) (value >>> ((length - 1 - i) * Byte.SIZE));
        }
        return bytes;
    }

    /** {@return the number whose hexadecimal notation looks like the decimal one of {@code value}} */
    private static int digits(int value) {
        return ((value / 100) << 8) | ((value / 10 % 10) << 4) | (value % 10);
    }

    /** The inverse of {@link #digits}, or {@link #NONE} if that never gives {@code hextet}. */
    private static int decimal(int hextet) {
        int value = (hextet >> 8) * 100 + ((hextet >> 4) & 0xf) * 10 + (hextet & 0xf);
        return value <= BYTE && digits(value) == hextet ? value : NONE;
    }
}
