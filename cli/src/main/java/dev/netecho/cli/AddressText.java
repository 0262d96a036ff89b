// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.util.regex.Pattern;

/** Addresses as people write them: IPv6 after RFC 5952, which {@link InetAddress#getHostAddress} is not. */
final class AddressText {
    private static final int GROUPS = 8;

    /** Enough for four octal numbers with several leading zeros; longer texts are not checked. */
    private static final int LONGEST_IPV4 = 64;

    private static final int MOST_DIGITS = 15;

    /** How {@link InetAddress#getHostAddress} writes IPv6, which the details of outcomes quote. */
    private static final Pattern LONG_IPV6 = Pattern.compile("\\b(?:[0-9a-f]{1,4}:){7}[0-9a-f]{1,4}\\b");

    private AddressText() {}

    static String of(InetAddress address) {
        if (!(address instanceof Inet6Address six)) {
            return address.getHostAddress();
        }
        byte[] bytes = six.getAddress();
        int[] groups = new int[GROUPS];
        for (int i = 0; i < GROUPS; i++) {
            groups[i] = ((bytes[2 * i] & 0xff) << 8) | (bytes[2 * i + 1] & 0xff);
        }
        String host = six.getHostAddress();
        int percent = host.indexOf('%');
        return compressed(groups) + (percent < 0 ? "" : host.substring(percent));
    }

    /** {@return an address and its port as in a URL, such as [::1]:80} */
    static String of(InetSocketAddress address) {
        String host = of(address.getAddress());
        return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
    }

    /** {@return a text of the library with every IPv6 address in it written after RFC 5952} */
    static String shortened(String text) {
        return LONG_IPV6.matcher(text).replaceAll(match -> {
            int[] groups = Pattern.compile(":")
                    .splitAsStream(match.group())
                    .mapToInt(group -> Integer.parseInt(group, 16))
                    .toArray();
            return compressed(groups);
        });
    }

    /**
     * Refuses an address that other programs read differently or not at all: they would ping another host.
     *
     * @param what what the text was given as, such as "target"
     */
    static void check(String what, String given) throws UsageException {
        // Java reads an IPv6 address in brackets, as in a URL, like one without.
        boolean bracketed = given.startsWith("[") && given.endsWith("]");
        String text = bracketed ? given.substring(1, given.length() - 1) : given;
        String named = what + " " + OneLine.quoted(given);
        int colon = text.lastIndexOf(':');
        int zone = text.indexOf('%');
        if (colon >= 0 && zone >= 0) {
            checkZone(named, text, zone);
        }
        String four = text.substring(colon + 1, colon < zone ? zone : text.length());
        if (colon >= 0 && four.indexOf('.') < 0) {
            return; // a group of IPv6, always hexadecimal
        }
        long decimal = ipv4(four, false);
        long octal = ipv4(four, true);
        if (decimal == octal) {
            return;
        }
        String before = text.substring(0, colon + 1);
        if (decimal >= 0 && octal >= 0) {
            throw new UsageException(named + " has two readings: " + before
                    + dotted(decimal) + " (decimal) and " + before + dotted(octal)
                    + " (a leading zero means octal); give the one you mean");
        }
        throw new UsageException(named + " is an address only for some programs; give it as " + before
                + dotted(Math.max(decimal, octal)));
    }

    /** The system ignores the zone of any other address (SPEC REQ-4). The library refuses multicast. */
    private static void checkZone(String named, String text, int zone) throws UsageException {
        String address = text.substring(0, zone);
        try {
            InetAddress plain = InetAddress.getByName(address);
            if (plain.isLinkLocalAddress() || plain.isMulticastAddress()) {
                return;
            }
        } catch (UnknownHostException e) {
            return; // not an address, with a zone or without
        }
        throw new UsageException(named + " has a zone, which only link-local addresses have"
                + " (fe80::/10); give it as " + OneLine.of(address));
    }

    private static String dotted(long address) {
        return (address >> 24) + "." + (address >> 16 & 0xff) + "." + (address >> 8 & 0xff) + "." + (address & 0xff);
    }

    /**
     * {@return the address, big-endian, of a text of 1 to 4 numbers, of which the last fills the remaining bytes; -1 if
     * it is none}
     *
     * @param octal whether to read it like inet_aton(3) and getaddrinfo(3): 0 begins an octal number, 0x a hexadecimal
     *     one. Otherwise like Java: decimal only. See RFC 6943, 3.1.1.
     */
    private static long ipv4(String text, boolean octal) {
        if (text.isEmpty() || text.length() > LONGEST_IPV4 || Character.digit(text.charAt(0), 10) < 0) {
            return -1;
        }
        String[] parts = text.split("\\.", -1);
        if (parts.length > 4) {
            return -1;
        }
        long address = 0;
        for (int i = 0; i < parts.length; i++) {
            long part = number(parts[i], octal);
            int bytes = i < parts.length - 1 ? 1 : 4 - i;
            if (part < 0 || part >= 1L << (8 * bytes)) {
                return -1;
            }
            address = (address << (8 * bytes)) | part;
        }
        return address;
    }

    /** {@return a number, or -1 if it is none} */
    private static long number(String part, boolean octal) {
        boolean hexadecimal = octal && (part.startsWith("0x") || part.startsWith("0X"));
        int radix = hexadecimal ? 16 : octal && part.length() > 1 && part.startsWith("0") ? 8 : 10;
        String digits = hexadecimal ? part.substring(2) : part;
        for (int i = 0; i < digits.length(); i++) {
            if (digits.charAt(i) > 'f' || Character.digit(digits.charAt(i), radix) < 0) {
                return -1;
            }
        }
        return digits.isEmpty() || digits.length() > MOST_DIGITS ? -1 : Long.parseLong(digits, radix);
    }

    private static String compressed(int[] groups) {
        int start = -1;
        int length = 1; // RFC 5952, 4.2.2: a single group of zeros is not shortened
        for (int i = 0; i < GROUPS; i++) {
            int end = i;
            while (end < GROUPS && groups[end] == 0) {
                end++;
            }
            if (end - i > length) {
                start = i;
                length = end - i;
            }
            i = Math.max(i, end - 1);
        }
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < GROUPS; i++) {
            if (i == start) {
                text.append("::");
                i += length - 1;
            } else {
                if (text.length() > 0 && text.charAt(text.length() - 1) != ':') {
                    text.append(':');
                }
                text.append(Integer.toHexString(groups[i]));
            }
        }
        return text.toString();
    }
}
