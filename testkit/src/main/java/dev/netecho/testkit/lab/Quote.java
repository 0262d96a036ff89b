// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.testkit.wire.PacketBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** What an ICMP error quotes of the packet that it is about. */
final class Quote {
    // RFC 1812, section 4.3.2.3: the error as a whole has at most 576 bytes; RFC 4443, section 2.4 (c): 1280.
    private static final int V4_LONGEST = 576 - 28;
    private static final int V6_LONGEST = 1_280 - 48;
    private static final int V6_NEXT_HEADER = 6;
    private static final byte DESTINATION_OPTIONS = 60;
    private static final byte NO_OPERATION = 1;
    private static final byte PAD_N = 1;
    private static final int MOST_OPTION_WORDS = 10;

    // RFC 4884, section 4: the quote is padded to at least 128 bytes, and its length stands in the header.
    private static final int EXTENDED_LENGTH = 128;
    private static final int EXTENSION_VERSION = 2 << 4;
    private static final byte MPLS_CLASS = 1;
    private static final byte MPLS_INCOMING_STACK = 1;
    private static final int OBJECT_HEADER = 4;
    private static final int MPLS_LABEL_SHIFT = 12;
    private static final int MPLS_BOTTOM_OF_STACK = 0x100;

    private Quote() {}

    /** {@return the request as received, as much of it as fits an error} */
    static byte[] of(ReceivedEcho echo) {
        return fitting(echo.version(), echo.packet());
    }

    /** {@return the IP header and the given number of ICMP bytes; RFC 792 asks for eight} */
    static byte[] cut(ReceivedEcho echo, int icmpBytes) {
        byte[] whole = of(echo);
        return Arrays.copyOf(whole, Math.min(whole.length, echo.icmp() + icmpBytes));
    }

    /** {@return the request as another process of the same host would have sent it} */
    static byte[] otherIdentifier(ReceivedEcho echo) {
        return request(echo, echo.destination(), Replies.otherIdentifier(echo), echo.sequence());
    }

    /** {@return a request that was not sent} */
    static byte[] otherSequence(ReceivedEcho echo) {
        return request(echo, echo.destination(), echo.identifier(), Replies.otherSequence(echo));
    }

    /** {@return the request as if it had gone to another host} */
    static byte[] otherDestination(ReceivedEcho echo) {
        return request(echo, Replies.other(echo, echo.d()), echo.identifier(), echo.sequence());
    }

    /** {@return the request with every bit of its data flipped, as a forger must guess it} */
    static byte[] otherData(ReceivedEcho echo) {
        byte[] quote = of(echo);
        for (int i = echo.icmp() + IcmpEcho.HEADER_LENGTH; i < quote.length; i++) {
            quote[i] ^= (byte) 0xff;
        }
        return quote;
    }

    /**
     * {@return the request with d words of IPv4 options (1 to 10), or d units of an IPv6 extension header (1 to 10)}
     */
    static byte[] withOptions(ReceivedEcho echo) {
        int count = Math.max(1, Math.min(echo.d(), MOST_OPTION_WORDS));
        byte[] packet = echo.packet();
        int header = echo.icmp();
        int unit = echo.ipv4() ? Integer.BYTES : Long.BYTES;
        ByteBuffer quote = ByteBuffer.allocate(packet.length + count * unit);
        quote.put(packet, 0, header);
        if (echo.ipv4()) {
            for (int i = 0; i < count * unit; i++) {
                quote.put(NO_OPERATION);
            }
            quote.put(0, (byte) (quote.get(0) + count));
            quote.putShort(2, (short) quote.capacity());
            quote.putShort(10, (short) 0);
            quote.putShort(10, (short) InternetChecksum.of(quote, 0, header + count * unit));
        } else {
            quote.put(packet[V6_NEXT_HEADER]).put((byte) (count - 1)).put(PAD_N).put((byte) (count * unit - 4));
            quote.position(header + count * unit);
            quote.put(V6_NEXT_HEADER, DESTINATION_OPTIONS);
            quote.putShort(4, (short) (quote.capacity() - header));
        }
        quote.put(packet, header, packet.length - header);
        return fitting(echo.version(), quote.array());
    }

    /** {@return the request in 128 bytes, then an extension with an MPLS stack of so many labels, at least one} */
    static byte[] extended(ReceivedEcho echo, int stack) {
        int labels = Math.max(1, stack);
        ByteBuffer extension = ByteBuffer.allocate(Integer.BYTES + OBJECT_HEADER + labels * Integer.BYTES);
        extension.put((byte) EXTENSION_VERSION).put((byte) 0).putShort((short) 0);
        extension.putShort((short) (OBJECT_HEADER + labels * Integer.BYTES));
        extension.put(MPLS_CLASS).put(MPLS_INCOMING_STACK);
        for (int label = 1; label <= labels; label++) {
            int bottom = label == labels ? MPLS_BOTTOM_OF_STACK : 0;
            extension.putInt((label << MPLS_LABEL_SHIFT) | bottom | PacketBuilder.DEFAULT_HOP_LIMIT);
        }
        byte[] quote = Arrays.copyOf(echo.packet(), EXTENDED_LENGTH + extension.capacity());
        Arrays.fill(quote, Math.min(EXTENDED_LENGTH, echo.packet().length), EXTENDED_LENGTH, (byte) 0);
        extension.get(0, quote, EXTENDED_LENGTH, extension.capacity());
        return sealed(quote);
    }

    /** {@return an extended quote with the right checksum of its extension} */
    private static byte[] sealed(byte[] quote) {
        ByteBuffer view = ByteBuffer.wrap(quote);
        view.putShort(EXTENDED_LENGTH + 2, (short) 0);
        int checksum = InternetChecksum.of(view, EXTENDED_LENGTH, quote.length - EXTENDED_LENGTH);
        view.putShort(EXTENDED_LENGTH + 2, (short) checksum);
        return quote;
    }

    /** {@return an extended quote whose extension has one defect: that of the plan for d from 1 to 4, else none} */
    static byte[] extendedWrongly(ReceivedEcho echo) {
        byte[] quote = extended(echo, 1);
        int object = EXTENDED_LENGTH + Integer.BYTES;
        switch (echo.d()) {
            case 1 -> quote[EXTENDED_LENGTH + 2] ^= 0x55;
            case 2 -> {
                quote[EXTENDED_LENGTH] = 3 << 4;
                sealed(quote);
            }
            case 3 -> {
                quote[object + 1] = (byte) (quote[object + 1] + 1);
                sealed(quote);
            }
            case 4 -> {
                quote[object + 1] = OBJECT_HEADER - 1;
                sealed(quote);
            }
            default -> {
                // as it is
            }
        }
        return quote;
    }

    /** {@return an extended quote without the checksum of its extension, which RFC 4884 allows} */
    static byte[] extendedUnchecked(ReceivedEcho echo) {
        byte[] quote = extended(echo, 1);
        Arrays.fill(quote, EXTENDED_LENGTH + 2, EXTENDED_LENGTH + 4, (byte) 0);
        return quote;
    }

    /** {@return the header's second four bytes with the length of {@link #extended}: words (IPv4) or units of eight} */
    static int extendedLength(ReceivedEcho echo) {
        return lengthField(echo, EXTENDED_LENGTH);
    }

    /** {@return the same with any length} */
    static int lengthField(ReceivedEcho echo, int length) {
        return echo.ipv4() ? (length / Integer.BYTES) << 16 : (length / Long.BYTES) << 24;
    }

    private static byte[] request(ReceivedEcho echo, byte[] destination, int identifier, int sequence) {
        byte[] packet = new PacketBuilder(echo.version(), echo.source(), destination)
                .hopLimit(echo.hopLimit())
                .type(echo.version().echoRequestType())
                .echo(identifier, sequence)
                .body(echo.data())
                .build();
        return fitting(echo.version(), packet);
    }

    private static byte[] fitting(IpVersion version, byte[] packet) {
        return Arrays.copyOf(packet, Math.min(packet.length, version == IpVersion.V4 ? V4_LONGEST : V6_LONGEST));
    }
}
