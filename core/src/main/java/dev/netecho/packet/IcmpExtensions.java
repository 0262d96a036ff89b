// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import dev.netecho.IcmpExtension;
import dev.netecho.IpVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The extension objects behind the quote of an ICMP error (RFC 4884).
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |Version| reserved              |          Checksum             |  once
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |            Length             |     Class     |     Type      |  each object, header included
 * |   data ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>A structure is believed as a whole or not at all: its version is 2, its checksum is right, and its objects fill
 * the message exactly. The header of the message says where it begins, at 128 bytes of quote or more. Routers that are
 * older than RFC 4884 do not say it. Theirs begins at 128 bytes, and is believed only with a checksum (section 5.5). A
 * length below 128 bytes, or beyond the message, says nothing either.
 *
 * <p>Allocates only the objects that it returns. Thread-safe as far as the buffer is.
 */
public final class IcmpExtensions {
    /** The most objects; a message with more has none, though RFC 4884 knows no bound. */
    public static final int MOST_OBJECTS = 32;

    private static final int ERROR_HEADER_LENGTH = 8;
    private static final int LEAST_QUOTE = 128;
    private static final int HEADER_LENGTH = 4;
    private static final int VERSION = 2;
    private static final int V4_LENGTH_OFFSET = 5;
    private static final int V6_LENGTH_OFFSET = 4;

    private IcmpExtensions() {}

    /**
     * {@return the objects of a whole ICMP error message; none if it has none, or they are damaged}
     *
     * @param buffer holds the message
     * @param offset index of its type field
     * @param length bytes of the message, 0 or more; one that was cut has no objects
     * @param version the IP version that carried the message
     */
    public static List<IcmpExtension> ofError(ByteBuffer buffer, int offset, int length, IpVersion version) {
        if (length < ERROR_HEADER_LENGTH || !mayExtend(version, IcmpEcho.type(buffer, offset))) {
            return List.of();
        }
        int told = version == IpVersion.V4
                ? Byte.toUnsignedInt(buffer.get(offset + V4_LENGTH_OFFSET)) * Integer.BYTES
                : Byte.toUnsignedInt(buffer.get(offset + V6_LENGTH_OFFSET)) * Long.BYTES;
        // As ip_icmp_error_rfc4884 of Linux: what cannot be right is no length, so that all backends read the same.
        boolean isTold = told >= LEAST_QUOTE && ERROR_HEADER_LENGTH + told + HEADER_LENGTH <= length;
        int begin = ERROR_HEADER_LENGTH + (isTold ? told : LEAST_QUOTE);
        return decode(buffer, offset + begin, length - begin, !isTold);
    }

    /**
     * {@return the objects behind what the Linux error queue delivers as data: the quoted ICMP header and all that
     * follows (ip(7), IP_RECVERR); none if there are none, or they are damaged}
     *
     * @param buffer holds the quoted message
     * @param offset index of its type field
     * @param length bytes of the data, 0 or more; data that were cut have no objects
     * @param version the IP version of the socket
     * @param type the type of the error message, which the system delivers separately
     * @param told where in the data the objects begin, as the system says (IP_RECVERR_RFC4884); 0 if it does not
     */
    public static List<IcmpExtension> ofQuote(
            ByteBuffer buffer, int offset, int length, IpVersion version, int type, int told) {
        if (!mayExtend(version, type)) {
            return List.of();
        }
        // The quoted IP header is cut off; without options it has the least length.
        int begin = told == 0 ? LEAST_QUOTE - version.minimumHeaderLength() : told;
        return decode(buffer, offset + begin, length - begin, told == 0);
    }

    /** RFC 4884, section 4: only these messages have a length field. */
    private static boolean mayExtend(IpVersion version, int type) {
        return version == IpVersion.V4
                ? type == IcmpTypes.V4_DESTINATION_UNREACHABLE
                        || type == IcmpTypes.V4_TIME_EXCEEDED
                        || type == IcmpTypes.V4_PARAMETER_PROBLEM
                : type == IcmpTypes.V6_DESTINATION_UNREACHABLE || type == IcmpTypes.V6_TIME_EXCEEDED;
    }

    private static List<IcmpExtension> decode(ByteBuffer buffer, int offset, int length, boolean needsChecksum) {
        if (length < 2 * HEADER_LENGTH || (buffer.get(offset) >> 4) != VERSION) {
            return List.of();
        }
        boolean hasChecksum = NetworkOrder.getUnsignedShort(buffer, offset + 2) != 0;
        if (hasChecksum ? !InternetChecksum.isValid(buffer, offset, length) : needsChecksum) {
            return List.of();
        }
        List<IcmpExtension> objects = new ArrayList<>(1);
        int end = offset + length;
        for (int at = offset + HEADER_LENGTH; at < end; ) {
            int size = end - at < HEADER_LENGTH ? 0 : NetworkOrder.getUnsignedShort(buffer, at);
            if (size < HEADER_LENGTH || size > end - at || objects.size() == MOST_OBJECTS) {
                return List.of();
            }
            byte[] data = new byte[size - HEADER_LENGTH];
            buffer.get(at + HEADER_LENGTH, data);
            objects.add(new IcmpExtension(
                    Byte.toUnsignedInt(buffer.get(at + 2)), Byte.toUnsignedInt(buffer.get(at + 3)), data));
            at += size;
        }
        return List.copyOf(objects);
    }
}
