// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** An ICMP packet as a raw socket of the test saw it. */
final class WirePacket {
    private final InetAddress source;
    private final InetAddress destination;
    private final int hopLimit;
    private final int trafficClass;
    private final boolean dontFragment;
    private final byte[] icmp;

    WirePacket(
            InetAddress source,
            InetAddress destination,
            int hopLimit,
            int trafficClass,
            boolean dontFragment,
            byte[] icmp) {
        this.source = source;
        this.destination = destination;
        this.hopLimit = hopLimit;
        this.trafficClass = trafficClass;
        this.dontFragment = dontFragment;
        this.icmp = icmp;
    }

    InetAddress source() {
        return source;
    }

    InetAddress destination() {
        return destination;
    }

    int hopLimit() {
        return hopLimit;
    }

    int trafficClass() {
        return trafficClass;
    }

    /** {@return whether the IPv4 header forbids to fragment it; false for IPv6, whose header cannot say so} */
    boolean dontFragment() {
        return dontFragment;
    }

    static WirePacket ofIpv4(byte[] packet) {
        int header = 4 * (packet[0] & 0xf);
        try {
            return new WirePacket(
                    InetAddress.getByAddress(Arrays.copyOfRange(packet, 12, 16)),
                    InetAddress.getByAddress(Arrays.copyOfRange(packet, 16, 20)),
                    packet[8] & 0xff,
                    packet[1] & 0xff,
                    (packet[6] & 0x40) != 0,
                    Arrays.copyOfRange(packet, header, packet.length));
        } catch (UnknownHostException e) {
            throw new AssertionError("four bytes are an address", e);
        }
    }

    int type() {
        return icmp[0] & 0xff;
    }

    int identifier() {
        return ByteBuffer.wrap(icmp).getShort(4) & 0xffff;
    }

    int sequence() {
        return ByteBuffer.wrap(icmp).getShort(6) & 0xffff;
    }

    byte[] payload() {
        return Arrays.copyOfRange(icmp, 8, icmp.length);
    }

    boolean ipv6() {
        return destination.getAddress().length == 16;
    }

    /** {@return the reply that an honest host would send} */
    byte[] reply() {
        return reply(identifier(), sequence(), payload());
    }

    byte[] reply(int identifier, int sequence, byte[] payload) {
        int type = ipv6() ? IcmpPackets.REPLY6 : IcmpPackets.REPLY4;
        return IcmpPackets.echo(type, 0, identifier, sequence, payload);
    }

    /** {@return the packet with its IP header, as a router quotes it} */
    byte[] quote() {
        return quote(identifier(), sequence(), destination, 0);
    }

    /** {@return the same, with other numbers, another destination and {@code options} bytes of IPv4 options} */
    byte[] quote(int identifier, int sequence, InetAddress to, int options) {
        byte[] request = IcmpPackets.echo(
                ipv6() ? IcmpPackets.REQUEST6 : IcmpPackets.REQUEST4, 0, identifier, sequence, payload());
        return ipv6() ? IcmpPackets.ipv6(source, to, request) : IcmpPackets.ipv4(source, to, options, request);
    }
}
