// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The hosts of {@link BenchNetwork}, by number: 0 is 198.18.0.0, 65,536 is 198.19.0.0. */
final class BenchAddress {
    /** The first of 65,000 hosts that answer after 50 ms. */
    static final int AT_50_MS = 256;

    /** The first of 16,384 hosts that answer after 20 ms. */
    static final int AT_20_MS = 1 << 16;

    /** The first of 16,384 hosts that answer after 400 ms. */
    static final int AT_400_MS = AT_20_MS + (1 << 14);

    /** The first of 32,767 hosts that never answer. */
    static final int SILENT = AT_20_MS + (1 << 15);

    /** The number of the last host; after it comes the broadcast address. */
    static final int LAST = (1 << 17) - 2;

    private static final int BYTE = 0xff;

    private BenchAddress() {}

    /**
     * {@return the address of a host; a new object every time, as an agent that reads its targets has one for each}
     *
     * @param number 2 (1 is the own side) to {@link #LAST}
     */
    static InetAddress of(int number) {
        if (number < 2 || number > LAST) {
            throw new IllegalArgumentException("the network has no host " + number + ", only 2 to " + LAST);
        }
        return ipv4(198, 18 + (number >> 16), number >> 8 & BYTE, number & BYTE);
    }

    /**
     * {@return one of the 16,777,214 addresses of the loopback interface}
     *
     * @param number 0 is 127.0.0.1
     */
    static InetAddress loopback(int number) {
        int host = number + 1;
        return ipv4(127, host >> 16 & BYTE, host >> 8 & BYTE, host & BYTE);
    }

    private static InetAddress ipv4(int... octets) {
        byte[] bytes = new byte[octets.length];
        for (int i = 0; i < octets.length; i++) {
            bytes[i] = (byte) octets[i];
        }
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an IPv4 address", e);
        }
    }
}
