// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct icmp_filter} of raw(7) and {@code struct icmp6_filter} of RFC 3542: which types a raw socket receives.
 *
 * <p>In both a set bit drops its type. What passes: echo reply and errors. Of IPv4 these are destination unreachable,
 * time exceeded and parameter problem. Of IPv6 they are the types 0 to 127, those of unknown meaning too (RFC 4443, 2.4
 * a).
 */
public final class IcmpTypeFilter {
    /** The size of the value of {@link Icmp#ICMP_FILTER}: one bit for each of the types 0 to 31. */
    public static final int ICMP_FILTER_SIZE = 4;

    /** The size of the value of {@link Icmp#ICMP6_FILTER}: one bit for each of the types 0 to 255. */
    public static final int ICMP6_FILTER_SIZE = 32;

    private static final int[] ICMP_PASS = {0, 3, 11, 12};
    private static final int[] ICMPV6_PASS = {129};

    /** Those below are errors. */
    private static final int FIRST_ICMPV6_INFORMATION = 128;

    private IcmpTypeFilter() {}

    /**
     * Writes the filter for echo replies and errors of IPv4.
     *
     * @param buffer takes {@link #ICMP_FILTER_SIZE} bytes
     * @param offset where they begin
     */
    public static void putIcmpFilter(ByteBuffer buffer, int offset) {
        put(buffer, offset, ICMP_FILTER_SIZE, ICMP_PASS);
    }

    /**
     * Writes the filter for echo replies and errors of IPv6.
     *
     * @param buffer takes {@link #ICMP6_FILTER_SIZE} bytes
     * @param offset where they begin
     */
    public static void putIcmp6Filter(ByteBuffer buffer, int offset) {
        put(buffer, offset, ICMP6_FILTER_SIZE, ICMPV6_PASS);
        for (int type = 0; type < FIRST_ICMPV6_INFORMATION; type += Byte.SIZE) {
            buffer.put(offset + type / Byte.SIZE, (byte) 0);
        }
    }

    private static void put(ByteBuffer buffer, int offset, int size, int[] pass) {
        for (int word = 0; word < size; word += Integer.BYTES) {
            buffer.putInt(offset + word, -1);
        }
        for (int type : pass) {
            int word = offset + type / Integer.SIZE * Integer.BYTES;
            buffer.putInt(word, buffer.getInt(word) & ~(1 << type % Integer.SIZE));
        }
    }
}
