// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.net.InetAddress;

/**
 * Addresses that are due. As numbers, the 16 octets in network order: IPv4 is {@code ::ffff:0:0/96} (RFC 4291, section
 * 2.5.5.2). Not thread-safe.
 */
public final class SweepProbes {
    /** The most probes of one call. */
    public static final int MOST = 64;

    private final long[] highs = new long[MOST];
    private final long[] lows = new long[MOST];
    private final long[] positions = new long[MOST];
    private int size;

    SweepProbes() {}

    /** {@return how many there are, 1 to {@link #MOST}} */
    public int size() {
        return size;
    }

    /**
     * {@return the first eight octets of an address; 0 for IPv4}
     *
     * @param i which, 0 to size - 1
     */
    public long high(int i) {
        return highs[i];
    }

    /**
     * {@return the last eight octets of an address; of IPv4, the low 32 bits are the address}
     *
     * @param i which, 0 to size - 1
     */
    public long low(int i) {
        return lows[i];
    }

    /**
     * {@return an address as an object}
     *
     * @param i which, 0 to size - 1
     */
    public InetAddress address(int i) {
        return Addresses.toInetAddress(highs[i], lows[i]);
    }

    long position(int i) {
        return positions[i];
    }

    void add(long high, long low, long position) {
        highs[size] = high;
        lows[size] = low;
        positions[size++] = position;
    }

    void removeFirst(int count) {
        size -= count;
        System.arraycopy(highs, count, highs, 0, size);
        System.arraycopy(lows, count, lows, 0, size);
        System.arraycopy(positions, count, positions, 0, size);
    }
}
