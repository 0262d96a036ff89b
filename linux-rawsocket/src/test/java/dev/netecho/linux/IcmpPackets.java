// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.linux.libc.Icmp;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** Builds ICMP packets, in network order, without the codec under test. */
final class IcmpPackets {
    static final int REPLY4 = 0;
    static final int REQUEST4 = 8;
    static final int REQUEST6 = 128;
    static final int REPLY6 = 129;

    private static final int IPV4_HEADER = 20;
    private static final int IPV6_HEADER = 40;

    private IcmpPackets() {}

    static byte[] echo(int type, int code, int identifier, int sequence, byte[] payload) {
        ByteBuffer packet = ByteBuffer.allocate(8 + payload.length);
        packet.put(0, (byte) type);
        packet.put(1, (byte) code);
        packet.putShort(4, (short) identifier);
        packet.putShort(6, (short) sequence);
        packet.put(8, payload);
        return withChecksum(packet.array());
    }

    /** An ICMP error; {@code word} is the second four bytes, where the next-hop MTU is. */
    static byte[] error(int type, int code, int word, byte[] quoted) {
        ByteBuffer packet = ByteBuffer.allocate(8 + quoted.length);
        packet.put(0, (byte) type);
        packet.put(1, (byte) code);
        packet.putInt(4, word);
        packet.put(8, quoted);
        return withChecksum(packet.array());
    }

    static byte[] ipv4(InetAddress source, InetAddress destination, int options, byte[] icmp) {
        int header = IPV4_HEADER + options;
        ByteBuffer packet = ByteBuffer.allocate(header + icmp.length);
        packet.put(0, (byte) (0x40 | header / 4));
        packet.putShort(2, (short) packet.capacity());
        packet.put(8, (byte) 64);
        packet.put(9, (byte) Icmp.IPPROTO_ICMP);
        packet.put(12, source.getAddress());
        packet.put(16, destination.getAddress());
        Arrays.fill(packet.array(), IPV4_HEADER, header, (byte) 1);
        packet.put(header, icmp);
        return packet.array();
    }

    static byte[] ipv6(InetAddress source, InetAddress destination, byte[] icmp) {
        ByteBuffer packet = ByteBuffer.allocate(IPV6_HEADER + icmp.length);
        packet.put(0, (byte) 0x60);
        packet.putShort(4, (short) icmp.length);
        packet.put(6, (byte) Icmp.IPPROTO_ICMPV6);
        packet.put(7, (byte) 64);
        packet.put(8, source.getAddress());
        packet.put(24, destination.getAddress());
        packet.put(IPV6_HEADER, icmp);
        return packet.array();
    }

    /** Makes the ICMPv4 checksum right; the kernel makes that of ICMPv6. */
    static byte[] withChecksum(byte[] icmp) {
        icmp[2] = 0;
        icmp[3] = 0;
        long sum = 0;
        for (int i = 0; i < icmp.length; i += 2) {
            sum += (icmp[i] & 0xff) << 8 | (i + 1 < icmp.length ? icmp[i + 1] & 0xff : 0);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum += sum >>> 16;
        icmp[2] = (byte) (~sum >>> 8);
        icmp[3] = (byte) ~sum;
        return icmp;
    }
}
