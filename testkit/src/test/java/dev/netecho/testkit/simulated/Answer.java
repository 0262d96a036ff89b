// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.testkit.wire.PacketBuilder;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** An ICMP message on its way back, and what a wire may change in it. A checksum that is wrong stays wrong. */
final class Answer {
    private static final int ABSENT = -1;

    private final IpVersion version;
    private final byte[] packet;
    private final ByteBuffer view;
    private final int icmp;
    private final boolean valid;

    private Answer(IpVersion version, byte[] packet, int icmp) {
        this.version = version;
        this.packet = packet;
        this.view = ByteBuffer.wrap(packet);
        this.icmp = icmp;
        this.valid = checksum() == 0;
    }

    /** {@return the message in a packet, or null if it holds no header of one} */
    static @Nullable Answer of(byte[] packet) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        int header = Ipv4Header.headerLength(view, 0, packet.length);
        IpVersion version = header == 0 ? IpVersion.V6 : IpVersion.V4;
        if (header == 0) {
            header = Ipv6Header.headerLength(view, 0, packet.length);
        }
        return header == 0 || packet.length < header + IcmpEcho.HEADER_LENGTH
                ? null
                : new Answer(version, packet, header);
    }

    private int checksum() {
        int length = packet.length - icmp;
        return version == IpVersion.V4
                ? InternetChecksum.of(view, icmp, length)
                : InternetChecksum.ofIcmpv6(view, 0, icmp, length);
    }

    IpVersion version() {
        return version;
    }

    boolean isValid() {
        return valid;
    }

    int type() {
        return IcmpEcho.type(view, icmp);
    }

    boolean isReply() {
        return type() == version.echoReplyType();
    }

    boolean isError() {
        return IcmpTypes.isError(version, type());
    }

    /** {@return what an error says of its request; null if it quotes none} */
    @Nullable
    QuotedEcho quote() {
        QuotedEcho quote = new QuotedEcho();
        return quote.decodeError(view, icmp, packet.length - icmp, version) ? quote : null;
    }

    /** {@return where the echo header is that names the request; ABSENT if there is none} */
    private int echo() {
        if (isReply()) {
            return icmp;
        }
        int quoted = icmp + IcmpEcho.HEADER_LENGTH;
        int echo = quote() == null ? ABSENT : quoted + quotedHeader(quoted);
        return echo + IcmpEcho.HEADER_LENGTH > packet.length ? ABSENT : echo;
    }

    /** {@return how long the quoted IP header is, with options and extension headers} */
    private int quotedHeader(int quoted) {
        if (version == IpVersion.V4) {
            return Ipv4Header.headerLength(view, quoted, packet.length - quoted);
        }
        int length = Ipv6Header.LENGTH;
        int next = Ipv6Header.nextHeader(view, quoted);
        while (next != version.icmpProtocol() && quoted + length + 1 < packet.length) {
            next = view.get(quoted + length);
            length += Long.BYTES * (1 + (view.get(quoted + length + 1) & 0xff));
        }
        return length;
    }

    /** {@return identifier and sequence number of the request that it names; absent if it names none} */
    int number() {
        int echo = echo();
        return echo == ABSENT ? ABSENT : IcmpEcho.identifier(view, echo) << 16 | IcmpEcho.sequence(view, echo);
    }

    boolean namesRequest() {
        return echo() != ABSENT;
    }

    byte[] data() {
        return Arrays.copyOfRange(packet, icmp + IcmpEcho.HEADER_LENGTH, packet.length);
    }

    byte[] withNumber(int number) {
        view.putInt(echo() + IcmpEcho.IDENTIFIER_OFFSET, number);
        return changed();
    }

    byte[] withSource(byte[] source) {
        view.put(version == IpVersion.V4 ? 12 : 8, source);
        return changed();
    }

    byte[] withType(int type, int code) {
        view.put(icmp + IcmpEcho.TYPE_OFFSET, (byte) type);
        view.put(icmp + IcmpEcho.CODE_OFFSET, (byte) code);
        return changed();
    }

    byte[] withQuotedDestination(byte[] destination) {
        view.put(icmp + IcmpEcho.HEADER_LENGTH + (version == IpVersion.V4 ? 16 : 24), destination);
        return changed();
    }

    /** {@return the packet with the right checksum in what may be an extension behind 128 bytes of quote} */
    byte[] withExtensionChecksum() {
        int begin = icmp + IcmpEcho.HEADER_LENGTH + 128;
        if (packet.length < begin + 8 || packet[begin] != 2 << 4) {
            return packet;
        }
        view.putShort(begin + 2, (short) 0);
        view.putShort(begin + 2, (short) InternetChecksum.of(view, begin, packet.length - begin));
        return changed();
    }

    /** {@return the packet, now about a request to somebody else} */
    byte[] aboutAnother() {
        byte[] nobody = new byte[version == IpVersion.V4 ? Integer.BYTES : 2 * Long.BYTES];
        return withQuotedDestination(nobody);
    }

    /** {@return a reply with other data} */
    byte[] withData(byte[] data) {
        if (!valid) {
            return packet;
        }
        int addresses = version == IpVersion.V4 ? 12 : 8;
        int length = version == IpVersion.V4 ? Integer.BYTES : 2 * Long.BYTES;
        byte[] source = Arrays.copyOfRange(packet, addresses, addresses + length);
        byte[] destination = Arrays.copyOfRange(packet, addresses + length, addresses + 2 * length);
        return new PacketBuilder(version, source, destination)
                .hopLimit(version == IpVersion.V4 ? Ipv4Header.timeToLive(view, 0) : Ipv6Header.hopLimit(view, 0))
                .type(type())
                .code(view.get(icmp + IcmpEcho.CODE_OFFSET))
                .rest(view.getInt(icmp + IcmpEcho.IDENTIFIER_OFFSET))
                .body(data)
                .build();
    }

    /** {@return the packet with the right checksum} */
    byte[] corrected() {
        view.putShort(icmp + IcmpEcho.CHECKSUM_OFFSET, (short) 0);
        view.putShort(icmp + IcmpEcho.CHECKSUM_OFFSET, (short) checksum());
        return packet;
    }

    private byte[] changed() {
        return valid ? corrected() : packet;
    }
}
