// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import dev.netecho.IpVersion;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The Internet checksum: the one's complement of the one's complement sum of 16-bit words (RFC 1071).
 *
 * <p>The sum does not depend on byte order (RFC 1071, section 2 (B)). So it adds eight bytes at a time as the buffer
 * reads them, and swaps once at the end.
 */
public final class InternetChecksum {
    private static final long LOW_INT = 0xffff_ffffL;

    private InternetChecksum() {}

    /**
     * {@return the checksum to be stored in a header whose own checksum field is zero, 0 to 65535}
     *
     * @param buffer holds the bytes
     * @param offset index of the first byte; any alignment
     * @param length number of bytes, 0 or more; an odd last byte counts as if a zero byte followed
     */
    public static int of(ByteBuffer buffer, int offset, int length) {
        return complement(sum(buffer, offset, length), buffer);
    }

    /**
     * {@return the checksum of an ICMPv6 message whose own checksum field is zero, 0 to 65535; for a message with its
     * checksum in place, 0 if and only if that is right}
     *
     * <p>It covers a pseudo-header in front of the message: both addresses, the length and the number of ICMPv6 (RFC
     * 4443, section 2.3; RFC 8200, section 8.1).
     *
     * @param buffer holds the IPv6 packet
     * @param header index of the first byte of its {@link Ipv6Header}, whose addresses are those of the pseudo-header
     * @param offset index of the type field of the message
     * @param length bytes of the message, 0 or more
     */
    public static int ofIcmpv6(ByteBuffer buffer, int header, int offset, int length) {
        boolean networkOrder = buffer.order() == ByteOrder.BIG_ENDIAN;
        int rest = length + IpVersion.V6.icmpProtocol();
        long sum = sum(buffer, offset, length)
                + sum(buffer, header + Ipv6Header.SOURCE_OFFSET, 4 * Long.BYTES)
                + ((networkOrder ? rest : Integer.reverseBytes(rest)) & LOW_INT);
        return complement(sum, buffer);
    }

    /** The sum of the bytes as the buffer's order reads them, not yet folded. */
    private static long sum(ByteBuffer buffer, int offset, int length) {
        boolean networkOrder = buffer.order() == ByteOrder.BIG_ENDIAN;
        int words = length & -Long.BYTES;
        int index = offset + words;
        int rest = length - words;
        // At most 2^29 additions of 32-bit values: a long cannot overflow.
        long sum = 0;
        for (int i = 0; i < words; i += Long.BYTES) {
            long word = buffer.getLong(offset + i);
            sum += (word & LOW_INT) + (word >>> 32);
        }
        if (rest >= Integer.BYTES) {
            sum += buffer.getInt(index) & LOW_INT;
            rest -= Integer.BYTES;
            index += Integer.BYTES;
        }
        if (rest >= Short.BYTES) {
            sum += Short.toUnsignedInt(buffer.getShort(index));
            rest -= Short.BYTES;
            index += Short.BYTES;
        }
        if (rest > 0) {
            int last = Byte.toUnsignedInt(buffer.get(index));
            sum += networkOrder ? last << 8 : last;
        }
        return sum;
    }

    private static int complement(long sum, ByteBuffer buffer) {
        short complement = (short) ~fold(sum);
        boolean networkOrder = buffer.order() == ByteOrder.BIG_ENDIAN;
        return Short.toUnsignedInt(networkOrder ? complement : Short.reverseBytes(complement));
    }

    /**
     * {@return whether the bytes, their checksum field among them, add up as RFC 1071 demands}
     *
     * <p>An empty range is not valid.
     *
     * @param buffer holds the bytes
     * @param offset index of the first byte; any alignment
     * @param length number of bytes, 0 or more
     */
    public static boolean isValid(ByteBuffer buffer, int offset, int length) {
        return of(buffer, offset, length) == 0;
    }

    private static int fold(long sum) {
        long folded = (sum & LOW_INT) + (sum >>> 32);
        folded = (folded & 0xffff) + (folded >>> 16);
        folded = (folded & 0xffff) + (folded >>> 16);
        return (int) ((folded & 0xffff) + (folded >>> 16));
    }
}
