// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.wire;

import dev.netecho.IpVersion;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import java.nio.ByteBuffer;

/** Builds one IP packet with one ICMP message, correct unless told otherwise. */
public final class PacketBuilder {
    /** What Linux sends. */
    public static final int DEFAULT_HOP_LIMIT = 64;

    private static final int V4_TOTAL_LENGTH_OFFSET = 2;
    private static final int V4_FLAGS_OFFSET = 6;
    private static final int V4_DONT_FRAGMENT = 0x4000;
    private static final int V4_CHECKSUM_OFFSET = 10;
    private static final int REST_OFFSET = 4;

    private final IpVersion version;
    private byte[] source;
    private final byte[] destination;
    private int hopLimit = DEFAULT_HOP_LIMIT;
    private int type;
    private int code;
    private int rest;
    private byte[] body = {};
    private int length = -1;
    private boolean badChecksum;
    private int trafficClass;
    private boolean dontFragment;

    /** Begins a message of type and code 0 without data. */
    public PacketBuilder(IpVersion version, byte[] from, byte[] to) {
        this.version = version;
        this.source = from;
        this.destination = to;
    }

    /** Sets the sender, 4 or 16 bytes. */
    public PacketBuilder source(byte[] address) {
        this.source = address;
        return this;
    }

    /** Sets the hop limit or time to live. */
    public PacketBuilder hopLimit(int value) {
        this.hopLimit = value;
        return this;
    }

    /** Sets the traffic class or type of service. */
    public PacketBuilder trafficClass(int value) {
        this.trafficClass = value;
        return this;
    }

    /** Sets whether no router may fragment it; IPv6 has no such flag. */
    public PacketBuilder dontFragment(boolean value) {
        this.dontFragment = value;
        return this;
    }

    /** Sets the ICMP type. */
    public PacketBuilder type(int value) {
        this.type = value;
        return this;
    }

    /** Sets the ICMP code. */
    public PacketBuilder code(int value) {
        this.code = value;
        return this;
    }

    /** Sets the four bytes after the checksum: identifier and sequence number, gateway, MTU or pointer. */
    public PacketBuilder rest(int value) {
        this.rest = value;
        return this;
    }

    /** Sets identifier and sequence number. */
    public PacketBuilder echo(int identifier, int sequence) {
        return rest((identifier << 16) | (sequence & 0xffff));
    }

    /** Sets what follows the eight bytes of the ICMP header. */
    public PacketBuilder body(byte[] bytes) {
        this.body = bytes;
        return this;
    }

    /** Cuts the ICMP message to this length; the checksum is that of the rest. */
    public PacketBuilder cutTo(int bytes) {
        this.length = bytes;
        return this;
    }

    /** Makes the ICMP checksum wrong. */
    public PacketBuilder badChecksum() {
        this.badChecksum = true;
        return this;
    }

    /** {@return the packet} */
    public byte[] build() {
        int header = version.minimumHeaderLength();
        int whole = IcmpEcho.HEADER_LENGTH + body.length;
        ByteBuffer packet = ByteBuffer.allocate(header + whole);
        packet.put(header + IcmpEcho.TYPE_OFFSET, (byte) type);
        packet.put(header + IcmpEcho.CODE_OFFSET, (byte) code);
        packet.putInt(header + REST_OFFSET, rest);
        packet.put(header + IcmpEcho.HEADER_LENGTH, body);
        int cut = length < 0 ? whole : Math.min(length, whole);
        if (version == IpVersion.V4) {
            putIpv4Header(packet, header + cut);
        } else {
            putIpv6Header(packet, cut);
        }
        int checksum = version == IpVersion.V4
                ? InternetChecksum.of(packet, header, cut)
                : InternetChecksum.ofIcmpv6(packet, 0, header, cut);
        packet.putShort(header + IcmpEcho.CHECKSUM_OFFSET, (short) (badChecksum ? checksum ^ 0x5555 : checksum));
        byte[] bytes = new byte[header + cut];
        packet.get(0, bytes);
        return bytes;
    }

    private void putIpv4Header(ByteBuffer packet, int totalLength) {
        packet.putShort(0, (short) (0x4500 | trafficClass));
        packet.putShort(V4_TOTAL_LENGTH_OFFSET, (short) totalLength);
        packet.putShort(V4_FLAGS_OFFSET, (short) (dontFragment ? V4_DONT_FRAGMENT : 0));
        packet.put(8, (byte) hopLimit);
        packet.put(9, (byte) version.icmpProtocol());
        packet.put(12, source);
        packet.put(16, destination);
        packet.putShort(V4_CHECKSUM_OFFSET, (short) InternetChecksum.of(packet, 0, version.minimumHeaderLength()));
    }

    private void putIpv6Header(ByteBuffer packet, int payloadLength) {
        packet.putInt(0, 0x6000_0000 | (trafficClass << 20));
        packet.putShort(4, (short) payloadLength);
        packet.put(6, (byte) version.icmpProtocol());
        packet.put(7, (byte) hopLimit);
        packet.put(8, source);
        packet.put(24, destination);
    }
}
