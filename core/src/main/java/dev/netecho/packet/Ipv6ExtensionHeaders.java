// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import dev.netecho.IpVersion;
import java.nio.ByteBuffer;

/**
 * The chain of IPv6 extension headers between the fixed header and ICMPv6 (RFC 8200, section 4).
 *
 * <pre>
 *  hop-by-hop options (0), routing (43), destination options (60)
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Next Header  |  Hdr Ext Len  |  ... (Hdr Ext Len + 1) * 8 bytes in all
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-
 *  fragment (44), always 8 bytes
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |  Next Header  |   Reserved    |      Fragment Offset    |Res|M|
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |                         Identification                        |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 */
final class Ipv6ExtensionHeaders {
    private static final int HOP_BY_HOP_OPTIONS = 0;
    private static final int ROUTING = 43;
    private static final int FRAGMENT = 44;
    private static final int DESTINATION_OPTIONS = 60;

    private static final int UNIT = 8;
    private static final int FRAGMENT_OFFSET_OFFSET = 2;

    // RFC 8200, section 4.1, foresees five headers of these kinds in a packet. The bound keeps a quote of empty headers
    // from costing thousands of steps.
    private static final int MAXIMUM_HEADERS = 8;

    private Ipv6ExtensionHeaders() {}

    /**
     * {@return where the ICMPv6 header begins, counted from the fixed header; -1 if there is none}
     *
     * <p>-1 means: another protocol, an unknown extension header, a chain of more than eight or one that leaves the
     * length, or a fragment other than the first. The result may equal {@code length}: no byte of ICMPv6 need be there.
     *
     * @param buffer holds the packet
     * @param offset index of a valid fixed header
     * @param length bytes of the packet that are there, fixed header included
     */
    static int icmpOffset(ByteBuffer buffer, int offset, int length) {
        int nextHeader = Ipv6Header.nextHeader(buffer, offset);
        int position = Ipv6Header.LENGTH;
        for (int headers = 0; nextHeader != IpVersion.V6.icmpProtocol(); headers++) {
            if (headers == MAXIMUM_HEADERS || length - position < UNIT) {
                return -1;
            }
            int header = offset + position;
            switch (nextHeader) {
                case HOP_BY_HOP_OPTIONS, ROUTING, DESTINATION_OPTIONS ->
                    position += (Byte.toUnsignedInt(buffer.get(header + 1)) + 1) * UNIT;
                case FRAGMENT -> {
                    if (NetworkOrder.getUnsignedShort(buffer, header + FRAGMENT_OFFSET_OFFSET) >>> 3 != 0) {
                        return -1;
                    }
                    position += UNIT;
                }
                default -> {
                    return -1;
                }
            }
            nextHeader = Byte.toUnsignedInt(buffer.get(header));
        }
        return position <= length ? position : -1;
    }
}
