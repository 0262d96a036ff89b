// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.InPrivateNamespace;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The filters in the kernel, on raw sockets that hear another raw socket over loopback. */
@InPrivateNamespace
@Timeout(60)
final class RawSocketFilterTest {
    private static final int BASE = 0xbe40;
    private static final int MASK = 0xfff0;
    private static final int FIRST = BASE;
    private static final int LAST = BASE + 15;
    private static final int BELOW = BASE - 1;
    private static final int ABOVE = BASE + 16;

    // ip(7): not part of the bindings, as the library sends no IP options.
    private static final int IP_OPTIONS = 4;

    /** The sequence number of the last packet of a test: when it has come, nothing else can. */
    private static final int LAST_SEQUENCE = 999;

    @Test
    void deliversOnlyWhatConcernsTheBlockOnIpv4() {
        try (NativeSocket receiver = receiver(false);
                NativeSocket sender = new NativeSocket(false, Socket.SOCK_RAW)) {
            List<byte[]> packets = List.of(
                    Packets.echo(0, FIRST, 1),
                    Packets.echo(0, LAST, 2),
                    Packets.echo(0, BELOW, 3),
                    Packets.echo(0, ABOVE, 4),
                    Packets.echo(13, FIRST, 5),
                    Packets.error(3, 1, quote4(0, FIRST, 6)),
                    Packets.error(11, 0, quote4(40, LAST, 7)),
                    Packets.error(12, 0, quote4(4, FIRST, 8)),
                    Packets.error(3, 1, quote4(0, ABOVE, 9)),
                    Packets.error(11, 0, quote4(8, BELOW, 10)),
                    Packets.error(4, 0, quote4(0, FIRST, 11)),
                    Arrays.copyOf(Packets.echo(0, FIRST, 12), 4),
                    // Our requests come back over loopback, and the kernel answers them.
                    Packets.echo(8, FIRST, 13),
                    Packets.echo(8, ABOVE, 14),
                    Packets.echo(0, FIRST, LAST_SEQUENCE));
            send(sender, Packets.LOOPBACK, packets);

            assertThat(sequences4(receiver)).containsExactly(1, 2, 6, 7, 8, 13, LAST_SEQUENCE);
        }
    }

    @Test
    void stepsOverTheOptionsOfTheOuterHeader() {
        try (NativeSocket receiver = receiver(false);
                NativeSocket sender = new NativeSocket(false, Socket.SOCK_RAW)) {
            // Three no-operations and the end of the options: the header has 24 bytes.
            sender.buffer.putInt(NativeSocket.scratch(), 0x00010101);
            sender.setScratch(Ip.IPPROTO_IP, IP_OPTIONS, 4);
            send(
                    sender,
                    Packets.LOOPBACK,
                    List.of(
                            Packets.echo(0, FIRST, 1),
                            Packets.echo(0, ABOVE, 2),
                            Packets.error(3, 1, quote4(8, LAST, 3)),
                            Packets.error(3, 1, quote4(8, BELOW, 4)),
                            Packets.echo(0, FIRST, LAST_SEQUENCE)));

            assertThat(sequences4(receiver)).containsExactly(1, 3, LAST_SEQUENCE);
            assertThat(receiver.data(0)[0]).as("version and header length").isEqualTo((byte) 0x46);
        }
    }

    @Test
    void deliversOnlyWhatConcernsTheBlockOnIpv6() {
        try (NativeSocket receiver = receiver(true);
                NativeSocket sender = new NativeSocket(true, Socket.SOCK_RAW)) {
            List<byte[]> packets = List.of(
                    Packets.echo(129, FIRST, 1),
                    Packets.echo(129, LAST, 2),
                    Packets.echo(129, BELOW, 3),
                    Packets.echo(129, ABOVE, 4),
                    Packets.error(1, 3, quote6(FIRST, 5)),
                    Packets.error(2, 0, quote6(LAST, 6)),
                    Packets.error(3, 0, quote6(FIRST, 7)),
                    Packets.error(4, 0, quote6(LAST, 8)),
                    Packets.error(1, 3, quote6(ABOVE, 9)),
                    Packets.error(3, 0, quote6(BELOW, 10)),
                    Packets.error(100, 0, quote6(FIRST, 11)),
                    Packets.echo(128, FIRST, 12),
                    Packets.echo(128, ABOVE, 13),
                    Packets.error(200, 0, quote6(FIRST, 14)),
                    Packets.echo(129, FIRST, LAST_SEQUENCE));
            send(sender, 1, packets);

            assertThat(sequences6(receiver)).containsExactly(1, 2, 5, 6, 7, 8, 11, 12, LAST_SEQUENCE);
        }
    }

    private static NativeSocket receiver(boolean ipv6) {
        NativeSocket socket = new NativeSocket(ipv6, Socket.SOCK_RAW);
        if (ipv6) {
            IcmpTypeFilter.putIcmp6Filter(socket.buffer, NativeSocket.scratch());
            socket.setScratch(Icmp.IPPROTO_ICMPV6, Icmp.ICMP6_FILTER, IcmpTypeFilter.ICMP6_FILTER_SIZE);
        } else {
            IcmpTypeFilter.putIcmpFilter(socket.buffer, NativeSocket.scratch());
            socket.setScratch(Icmp.SOL_RAW, Icmp.ICMP_FILTER, IcmpTypeFilter.ICMP_FILTER_SIZE);
        }
        List<SockFilter> program = ipv6 ? IcmpFilterProgram.v6(BASE, MASK) : IcmpFilterProgram.v4(BASE, MASK);
        try (NativeMemory fprog = SockFprog.allocate(program)) {
            socket.set(Socket.SOL_SOCKET, Socket.SO_ATTACH_FILTER, fprog.address(), SockFprog.SIZE);
        }
        return socket;
    }

    private static void send(NativeSocket sender, long destination, List<byte[]> packets) {
        for (int i = 0; i < packets.size(); i++) {
            sender.prepare(i, destination, packets.get(i));
        }
        assertThat(sender.send(packets.size())).isEqualTo(packets.size());
    }

    private static List<Integer> sequences4(NativeSocket receiver) {
        List<Integer> sequences = new ArrayList<>();
        for (int batch = 0; batch < NativeSocket.BATCH && !sequences.contains(LAST_SEQUENCE); batch++) {
            int received = receiver.receive(0);
            for (int i = 0; i < received; i++) {
                ByteBuffer packet = ByteBuffer.wrap(receiver.data(i));
                int icmp = 4 * (packet.get(0) & 0xf);
                boolean reply = packet.get(icmp) == 0;
                int echo = reply ? icmp : icmp + 8 + 4 * (packet.get(icmp + 8) & 0xf);
                sequences.add((int) packet.getShort(echo + 6));
            }
        }
        return sequences;
    }

    private static List<Integer> sequences6(NativeSocket receiver) {
        List<Integer> sequences = new ArrayList<>();
        for (int batch = 0; batch < NativeSocket.BATCH && !sequences.contains(LAST_SEQUENCE); batch++) {
            int received = receiver.receive(0);
            for (int i = 0; i < received; i++) {
                ByteBuffer packet = ByteBuffer.wrap(receiver.data(i));
                boolean reply = (packet.get(0) & 0xff) == 129;
                sequences.add((int) packet.getShort(reply ? 6 : 8 + 40 + 6));
            }
        }
        return sequences;
    }

    private static byte[] quote4(int options, int identifier, int sequence) {
        return Packets.ipv4(options, Packets.LOOPBACK, Packets.LOOPBACK, Packets.echo(8, identifier, sequence));
    }

    private static byte[] quote6(int identifier, int sequence) {
        return Packets.ipv6(Packets.echo(128, identifier, sequence));
    }
}
