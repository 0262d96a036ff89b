// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import dev.netecho.IpVersion;
import java.nio.ByteBuffer;

/**
 * The echo request that an ICMP error message quotes, and what the message says about it.
 *
 * <pre>
 *  0                   1                   2                   3
 *  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |     Type      |     Code      |          Checksum             |
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |    Pointer    |    Length     |         Next-Hop MTU          |  IPv4: 12; 3, 11, 12; 3/4
 * |    Length     |                    unused                     |  IPv6: 1, 3
 * |                      MTU or Pointer                           |  IPv6: 2; 4
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   quoted IP header, its options or extension headers ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   quoted ICMP header: echo request, identifier, sequence number
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * |   quoted data (the token), zero padding, extension objects ...
 * +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
 * </pre>
 *
 * <p>RFC 792, RFC 1191 (MTU), RFC 4443, section 3, and RFC 4884 (Length). Every decode fills the object again. One
 * object may serve a thread for its life; it is not thread-safe. After a decode that returned false every field is
 * absent. The checksum of the message is not looked at: see {@link InternetChecksum#isValid}.
 *
 * <h2>When the token counts as quoted</h2>
 *
 * <p>RFC 792 asks a router for eight bytes of the ICMP message only, and RFC 4884 pads a shorter packet with zeros.
 * Some systems rewrite the total length in the header they quote: they swap its bytes, or add or subtract the header
 * length. {@link #tokenPresent} is true only if all of these hold:
 *
 * <ul>
 *   <li>The eight bytes lie inside the message and, where RFC 4884 gives a length, inside that length.
 *   <li>The quoted total length (IPv4) or payload length (IPv6) does not say that the packet ended before them. A
 *       length too small for the quoted ICMP header itself cannot be what was sent; it proves nothing about the data
 *       and is ignored.
 *   <li>They are not all zero, for that is what padding looks like. A keyed token is zero once in 2<sup>64</sup>.
 * </ul>
 *
 * <p>If the token is absent, identifier, sequence number and destination must do. If it is present and another's, the
 * error is about an older request, or forged. Do not compare a token if you sent none: a rewritten length may make a
 * token of the zero-padded data of a request of 1 to 7 data bytes, and {@link #decodeQuote} has no length to look at.
 */
public final class QuotedEcho {
    /** What {@link #type}, {@link #code} and {@link #pointer} answer when the message states none. */
    public static final int ABSENT = -1;

    private static final int ERROR_HEADER_LENGTH = 8;
    private static final int V4_POINTER_OFFSET = 4;
    private static final int V4_LENGTH_OFFSET = 5;
    private static final int V4_NEXT_HOP_MTU_OFFSET = 6;
    private static final int V6_LENGTH_OFFSET = 4;
    private static final int V6_MTU_OR_POINTER_OFFSET = 4;
    private static final int V4_CODE_FRAGMENTATION_NEEDED = 4;

    // The don't-fragment bit as quoted by systems that leave the field in their processor's byte order. Linux sets that
    // bit by default, so without this no error of such a router would count. RFC 1122, section 3.2.2, forbids errors
    // about a later fragment, which the value would mean otherwise.
    private static final int SWAPPED_DONT_FRAGMENT = 0x0040;

    private boolean matched;
    private int type;
    private int code;
    private int nextHopMtu;
    private long pointer;
    private int ipv4Destination;
    private long ipv6DestinationHigh;
    private long ipv6DestinationLow;
    private int identifier;
    private int sequence;
    private boolean tokenPresent;
    private long token;

    /** Creates an object that holds no match yet. */
    public QuotedEcho() {
        clear();
    }

    /**
     * Decodes a whole ICMP error message, as raw sockets deliver it after the IP header, if there is one.
     *
     * <p>A match is an error type of that version ({@link IcmpTypes#isError}, which includes source quench and the
     * redirect of IPv4). It quotes an IP header of the same version and at least the ICMP header of an echo request, in
     * a whole packet or a first fragment.
     *
     * @param buffer holds the message
     * @param offset index of its type field
     * @param length bytes that were received, 0 or more
     * @param version the IP version that carried the message
     * @return whether the message quotes an echo request; the same as {@link #matched}
     */
    public boolean decodeError(ByteBuffer buffer, int offset, int length, IpVersion version) {
        clear();
        if (length < ERROR_HEADER_LENGTH || !IcmpTypes.isError(version, IcmpEcho.type(buffer, offset))) {
            return false;
        }
        int quote = offset + ERROR_HEADER_LENGTH;
        int quoteLength = length - ERROR_HEADER_LENGTH;
        int icmp = version == IpVersion.V4
                ? ipv4IcmpOffset(buffer, quote, quoteLength)
                : ipv6IcmpOffset(buffer, quote, quoteLength);
        if (icmp == ABSENT || !readEcho(buffer, quote + icmp, quoteLength - icmp, version)) {
            return false;
        }
        readErrorHeader(buffer, offset, version);
        readDestination(buffer, quote, version);
        int dataLimit = Math.min(quoteLength, originalDatagramLength(buffer, offset, version));
        int packetLength = version == IpVersion.V4
                ? Ipv4Header.totalLength(buffer, quote)
                : Ipv6Header.LENGTH + Ipv6Header.payloadLength(buffer, quote);
        int data = icmp + IcmpEcho.HEADER_LENGTH;
        if (packetLength >= data) {
            dataLimit = Math.min(dataLimit, packetLength);
        }
        readToken(buffer, quote + data, dataLimit - data);
        return true;
    }

    /**
     * Decodes what the Linux error queue delivers as data: the request's ICMP header and what was quoted after it
     * (ip(7), IP_RECVERR).
     *
     * <p>The system delivers type, code, MTU, offender and destination separately (ip(7), IP_RECVERR), so they are
     * absent here. Padding and extension objects of RFC 4884 may follow the data, and of these only zeros can be told
     * from a token.
     *
     * @param buffer holds the quoted message
     * @param offset index of its type field
     * @param length bytes that were received, 0 or more
     * @param version the IP version of the socket
     * @return whether this is an echo request; the same as {@link #matched}
     */
    public boolean decodeQuote(ByteBuffer buffer, int offset, int length, IpVersion version) {
        clear();
        if (!readEcho(buffer, offset, length, version)) {
            return false;
        }
        readToken(buffer, offset + IcmpEcho.HEADER_LENGTH, length - IcmpEcho.HEADER_LENGTH);
        return true;
    }

    /** {@return whether the last decode found an echo request; all else is absent if not} */
    public boolean matched() {
        return matched;
    }

    /** {@return the type of the error message, 0 to 255, or {@link #ABSENT}} */
    public int type() {
        return type;
    }

    /** {@return the code of the error message, 0 to 255, or {@link #ABSENT}} */
    public int code() {
        return code;
    }

    /**
     * {@return the MTU of the next hop in bytes, or 0 if the message states none}
     *
     * <p>Stated by "fragmentation needed" (3/4 of IPv4; routers older than RFC 1191 leave it 0) and by "packet too big"
     * (2 of IPv6). The value is the router's word, however small; one above {@link Integer#MAX_VALUE} counts as none
     * (SPEC ERR-1).
     */
    public int nextHopMtu() {
        return nextHopMtu;
    }

    /** {@return which byte of the packet a parameter problem is about, 0 to 2<sup>32</sup>-1; else {@link #ABSENT}} */
    public long pointer() {
        return pointer;
    }

    /** {@return the destination in the quoted IPv4 header, its first byte most significant; 0 if there was none} */
    public int ipv4Destination() {
        return ipv4Destination;
    }

    /** {@return the first eight bytes of the destination in the quoted IPv6 header; 0 if there was none} */
    public long ipv6DestinationHigh() {
        return ipv6DestinationHigh;
    }

    /** {@return the last eight bytes of the destination in the quoted IPv6 header; 0 if there was none} */
    public long ipv6DestinationLow() {
        return ipv6DestinationLow;
    }

    /** {@return the identifier of the quoted request, 0 to 65535} */
    public int identifier() {
        return identifier;
    }

    /** {@return the sequence number of the quoted request, 0 to 65535} */
    public int sequence() {
        return sequence;
    }

    /** {@return whether the first eight data bytes of the request are quoted; the class comment says when} */
    public boolean tokenPresent() {
        return tokenPresent;
    }

    /** {@return the first eight data bytes of the quoted request, big-endian; 0 if absent} */
    public long token() {
        return token;
    }

    private void clear() {
        matched = false;
        type = ABSENT;
        code = ABSENT;
        nextHopMtu = 0;
        pointer = ABSENT;
        ipv4Destination = 0;
        ipv6DestinationHigh = 0;
        ipv6DestinationLow = 0;
        identifier = 0;
        sequence = 0;
        tokenPresent = false;
        token = 0;
    }

    private static int ipv4IcmpOffset(ByteBuffer buffer, int quote, int quoteLength) {
        int headerLength = Ipv4Header.headerLength(buffer, quote, quoteLength);
        if (headerLength == 0 || Ipv4Header.protocol(buffer, quote) != IpVersion.V4.icmpProtocol()) {
            return ABSENT;
        }
        int fragmentOffset = Ipv4Header.fragmentOffset(buffer, quote);
        return fragmentOffset == 0 || fragmentOffset == SWAPPED_DONT_FRAGMENT ? headerLength : ABSENT;
    }

    private static int ipv6IcmpOffset(ByteBuffer buffer, int quote, int quoteLength) {
        return Ipv6Header.headerLength(buffer, quote, quoteLength) == 0
                ? ABSENT
                : Ipv6ExtensionHeaders.icmpOffset(buffer, quote, quoteLength);
    }

    private boolean readEcho(ByteBuffer buffer, int offset, int length, IpVersion version) {
        if (length < IcmpEcho.HEADER_LENGTH || IcmpEcho.type(buffer, offset) != version.echoRequestType()) {
            return false;
        }
        matched = true;
        identifier = IcmpEcho.identifier(buffer, offset);
        sequence = IcmpEcho.sequence(buffer, offset);
        return true;
    }

    private void readErrorHeader(ByteBuffer buffer, int offset, IpVersion version) {
        type = IcmpEcho.type(buffer, offset);
        code = IcmpEcho.code(buffer, offset);
        if (version == IpVersion.V4) {
            if (type == IcmpTypes.V4_DESTINATION_UNREACHABLE && code == V4_CODE_FRAGMENTATION_NEEDED) {
                nextHopMtu = NetworkOrder.getUnsignedShort(buffer, offset + V4_NEXT_HOP_MTU_OFFSET);
            } else if (type == IcmpTypes.V4_PARAMETER_PROBLEM) {
                pointer = Byte.toUnsignedInt(buffer.get(offset + V4_POINTER_OFFSET));
            }
            return;
        }
        if (type == IcmpTypes.V6_PACKET_TOO_BIG) {
            // RFC 4443, section 3.2: the receiver ignores the code.
            long mtu = Integer.toUnsignedLong(NetworkOrder.getInt(buffer, offset + V6_MTU_OR_POINTER_OFFSET));
            nextHopMtu = mtu > Integer.MAX_VALUE ? 0 : (int) mtu;
        } else if (type == IcmpTypes.V6_PARAMETER_PROBLEM) {
            pointer = Integer.toUnsignedLong(NetworkOrder.getInt(buffer, offset + V6_MTU_OR_POINTER_OFFSET));
        }
    }

    private void readDestination(ByteBuffer buffer, int quote, IpVersion version) {
        if (version == IpVersion.V4) {
            ipv4Destination = Ipv4Header.destination(buffer, quote);
        } else {
            ipv6DestinationHigh = Ipv6Header.destinationHigh(buffer, quote);
            ipv6DestinationLow = Ipv6Header.destinationLow(buffer, quote);
        }
    }

    /**
     * {@return the bytes of the quote before the extension objects (RFC 4884, section 4); no limit if none are stated}
     *
     * <p>Meaningful after {@link #readErrorHeader}. A length shorter than the headers, which no conforming router
     * sends, leaves no room for a token and does no other harm.
     */
    private int originalDatagramLength(ByteBuffer buffer, int offset, IpVersion version) {
        int length = 0;
        if (version == IpVersion.V4) {
            if (type == IcmpTypes.V4_DESTINATION_UNREACHABLE
                    || type == IcmpTypes.V4_TIME_EXCEEDED
                    || type == IcmpTypes.V4_PARAMETER_PROBLEM) {
                length = Byte.toUnsignedInt(buffer.get(offset + V4_LENGTH_OFFSET)) * Integer.BYTES;
            }
        } else if (type == IcmpTypes.V6_DESTINATION_UNREACHABLE || type == IcmpTypes.V6_TIME_EXCEEDED) {
            length = Byte.toUnsignedInt(buffer.get(offset + V6_LENGTH_OFFSET)) * Long.BYTES;
        }
        return length == 0 ? Integer.MAX_VALUE : length;
    }

    private void readToken(ByteBuffer buffer, int data, int dataLength) {
        if (dataLength >= DefaultPayload.TOKEN_LENGTH) {
            token = NetworkOrder.getLong(buffer, data);
            tokenPresent = token != 0;
        }
    }
}
