// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Builds the ICMP packets of the tests, in network order. */
final class Packets {
    static final int LOOPBACK = 0x7f000001;

    private static final int DATA = 16;

    private Packets() {}

    /** An echo message of any type with 16 bytes of data; the ICMPv4 checksum is right. */
    static byte[] echo(int type, int identifier, int sequence) {
        ByteBuffer packet = ByteBuffer.allocate(8 + DATA);
        packet.put(0, (byte) type);
        packet.putShort(4, (short) identifier);
        packet.putShort(6, (short) sequence);
        for (int i = 0; i < DATA; i++) {
            packet.put(8 + i, (byte) (0xf0 + i));
        }
        return withChecksum(packet.array());
    }

    /** An ICMP error that quotes a whole packet; the ICMPv4 checksum is right. */
    static byte[] error(int type, int code, byte[] quoted) {
        ByteBuffer packet = ByteBuffer.allocate(8 + quoted.length);
        packet.put(0, (byte) type);
        packet.put(1, (byte) code);
        packet.put(8, quoted);
        return withChecksum(packet.array());
    }

    /** Puts an IPv4 header with {@code options} bytes of no-operation options before ICMP. */
    static byte[] ipv4(int options, int source, int destination, byte[] icmp) {
        int header = 20 + options;
        ByteBuffer packet = ByteBuffer.allocate(header + icmp.length);
        packet.put(0, (byte) (0x40 | header / 4));
        packet.putShort(2, (short) packet.capacity());
        packet.put(8, (byte) 64);
        packet.put(9, (byte) Icmp.IPPROTO_ICMP);
        packet.putInt(12, source);
        packet.putInt(16, destination);
        Arrays.fill(packet.array(), 20, header, (byte) 1);
        packet.put(header, icmp);
        return packet.array();
    }

    /** Puts an IPv6 header from ::1 to ::1 before ICMPv6. */
    static byte[] ipv6(byte[] icmp) {
        ByteBuffer packet = ByteBuffer.allocate(40 + icmp.length);
        packet.put(0, (byte) 0x60);
        packet.putShort(4, (short) icmp.length);
        packet.put(6, (byte) Icmp.IPPROTO_ICMPV6);
        packet.put(7, (byte) 64);
        packet.put(23, (byte) 1);
        packet.put(39, (byte) 1);
        packet.put(40, icmp);
        return packet.array();
    }

    private static byte[] withChecksum(byte[] icmp) {
        long sum = 0;
        for (int i = 0; i < icmp.length; i += 2) {
            sum += (icmp[i] & 0xff) << 8 | (i + 1 < icmp.length ? icmp[i + 1] & 0xff : 0);
        }
        sum = (sum & 0xffff) + (sum >>> 16);
        sum += sum >>> 16;
        ByteBuffer.wrap(icmp).putShort(2, (short) ~sum);
        return icmp;
    }
}
