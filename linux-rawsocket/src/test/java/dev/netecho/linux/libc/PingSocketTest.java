// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.netecho.linux.InPrivateNamespace;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.BitSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Real ping sockets on loopback through every layout. */
@InPrivateNamespace
@Timeout(60)
final class PingSocketTest {
    private static final int COUNT = 16;
    private static final long SECOND = 1_000_000_000L;

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    void getsEveryReplyWithItsHopLimitAndTimestamp(boolean ipv6) {
        long loopback = ipv6 ? 1 : Packets.LOOPBACK;
        try (NativeSocket socket = new NativeSocket(ipv6, Socket.SOCK_DGRAM)) {
            int identifier = open(socket, ipv6, loopback);
            for (int i = 0; i < COUNT; i++) {
                int control = socket.prepare(i, loopback, Packets.echo(ipv6 ? 128 : 8, 0, i));
                int level = ipv6 ? Ipv6.IPPROTO_IPV6 : Ip.IPPROTO_IP;
                int type = ipv6 ? Ipv6.IPV6_HOPLIMIT : Ip.IP_TTL;
                socket.setControlEnd(i, Cmsghdr.append(socket.buffer, control, level, type, 1 + i));
            }
            assertThat(socket.send(COUNT)).isEqualTo(COUNT);
            assertThat(Mmsghdr.msgLen(socket.buffer, socket.message(COUNT - 1))).isEqualTo(24);

            BitSet sequences = new BitSet();
            for (int batch = 0; batch < COUNT && sequences.cardinality() < COUNT; batch++) {
                int received = socket.receive(0);
                for (int i = 0; i < received; i++) {
                    sequences.set(checkReply(socket, i, ipv6, identifier));
                }
            }
            assertThat(sequences.cardinality()).isEqualTo(COUNT);
            int meminfo = socket.get(Socket.SOL_SOCKET, Socket.SO_MEMINFO, Meminfo.SIZE);
            assertThat(Meminfo.drops(socket.buffer, meminfo)).isZero();
            assertThat(Meminfo.rmemAlloc(socket.buffer, meminfo)).isZero();
            int rcvbuf = Meminfo.rcvbuf(socket.buffer, meminfo);
            int option = socket.get(Socket.SOL_SOCKET, Socket.SO_RCVBUF, Integer.BYTES);
            assertThat(rcvbuf).isPositive().isEqualTo(socket.buffer.getInt(option));
        }
    }

    private static int open(NativeSocket socket, boolean ipv6, long loopback) {
        socket.set(Socket.SOL_SOCKET, Socket.SO_REUSEADDR, 0);
        if (ipv6) {
            socket.set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVHOPLIMIT, 1);
        } else {
            socket.set(Ip.IPPROTO_IP, Ip.IP_RECVTTL, 1);
        }
        socket.set(Socket.SOL_SOCKET, Socket.SO_TIMESTAMPNS, 1);
        int identifier = socket.bind(loopback);
        assertThat(identifier).isBetween(1, 0xffff);
        return identifier;
    }

    private static int checkReply(NativeSocket socket, int index, boolean ipv6, int identifier) {
        int message = socket.message(index);
        ByteBuffer packet = ByteBuffer.wrap(socket.data(index));
        byte[] sent = Packets.echo(0, identifier, packet.getShort(6));
        assertThat(packet.get(0) & 0xff).isEqualTo(ipv6 ? 129 : 0);
        assertThat(packet.getShort(4) & 0xffff).isEqualTo(identifier);
        assertThat(Arrays.copyOfRange(packet.array(), 8, 24)).isEqualTo(Arrays.copyOfRange(sent, 8, 24));

        assertThat(Msghdr.flags(socket.buffer, message)).isZero();
        int name = socket.name(index);
        if (ipv6) {
            assertThat(Msghdr.namelen(socket.buffer, message)).isEqualTo(SockaddrIn6.SIZE);
            assertThat(SockaddrIn6.addressHigh(socket.buffer, name)).isZero();
            assertThat(SockaddrIn6.addressLow(socket.buffer, name)).isEqualTo(1);
        } else {
            assertThat(Msghdr.namelen(socket.buffer, message)).isEqualTo(SockaddrIn.SIZE);
            assertThat(SockaddrIn.address(socket.buffer, name)).isEqualTo(Packets.LOOPBACK);
        }
        int hopLimit = ipv6
                ? socket.control(index, Ipv6.IPPROTO_IPV6, Ipv6.IPV6_HOPLIMIT)
                : socket.control(index, Ip.IPPROTO_IP, Ip.IP_TTL);
        assertThat(Cmsghdr.intOrByte(socket.buffer, hopLimit)).isBetween(1, 255);
        int timestamp = socket.control(index, Socket.SOL_SOCKET, Socket.SCM_TIMESTAMPNS);
        assertThat(Cmsghdr.dataLength(socket.buffer, timestamp)).isEqualTo(Timespec.SIZE);
        Duration age = Duration.between(
                Instant.ofEpochSecond(0, Timespec.nanos(socket.buffer, Cmsghdr.dataOffset(timestamp))), Instant.now());
        assertThat(age.abs()).isLessThan(Duration.ofSeconds(60));
        return packet.getShort(6);
    }

    @Test
    void choosesTheSourceOfOnePacket() {
        try (NativeSocket socket = new NativeSocket(false, Socket.SOCK_DGRAM)) {
            socket.set(Ip.IPPROTO_IP, Ip.IP_PKTINFO, 1);
            socket.bind(0);
            for (int i = 0; i < COUNT; i++) {
                int control = socket.prepare(i, Packets.LOOPBACK, Packets.echo(8, 0, i));
                socket.setControlEnd(i, Cmsghdr.appendPktinfo(socket.buffer, control, 0x7f000100 + i, 0));
            }
            assertThat(socket.send(COUNT)).isEqualTo(COUNT);

            BitSet sequences = new BitSet();
            for (int batch = 0; batch < COUNT && sequences.cardinality() < COUNT; batch++) {
                int received = socket.receive(0);
                for (int i = 0; i < received; i++) {
                    int sequence = ByteBuffer.wrap(socket.data(i)).getShort(6);
                    int pktinfo = Cmsghdr.dataOffset(socket.control(i, Ip.IPPROTO_IP, Ip.IP_PKTINFO));
                    assertThat(InPktinfo.addr(socket.buffer, pktinfo)).isEqualTo(0x7f000100 + sequence);
                    assertThat(InPktinfo.interfaceIndex(socket.buffer, pktinfo)).isPositive();
                    sequences.set(sequence);
                }
            }
            assertThat(sequences.cardinality()).isEqualTo(COUNT);
        }
    }

    @Test
    void choosesTheInterfaceOfOneIpv6Packet() {
        try (NativeSocket socket = new NativeSocket(true, Socket.SOCK_DGRAM)) {
            socket.set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVPKTINFO, 1);
            socket.bind(1);
            int control = socket.prepare(0, 1, Packets.echo(128, 0, 7));
            socket.setControlEnd(0, Cmsghdr.appendPktinfo6(socket.buffer, control, 0, 1, 1));
            assertThat(socket.send(1)).isEqualTo(1);

            assertThat(socket.receive(0)).isEqualTo(1);
            int pktinfo = Cmsghdr.dataOffset(socket.control(0, Ipv6.IPPROTO_IPV6, Ipv6.IPV6_PKTINFO));
            assertThat(In6Pktinfo.addressHigh(socket.buffer, pktinfo)).isZero();
            assertThat(In6Pktinfo.addressLow(socket.buffer, pktinfo)).isEqualTo(1);
            assertThat(In6Pktinfo.interfaceIndex(socket.buffer, pktinfo)).isPositive();
        }
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    void readsTheErrorThatARouterWouldSend(boolean ipv6) {
        long loopback = ipv6 ? 1 : Packets.LOOPBACK;
        long router = ipv6 ? 1 : 0x7f000009;
        try (NativeSocket socket = new NativeSocket(ipv6, Socket.SOCK_DGRAM);
                NativeSocket raw = new NativeSocket(ipv6, Socket.SOCK_RAW)) {
            socket.set(ipv6 ? Ipv6.IPPROTO_IPV6 : Ip.IPPROTO_IP, ipv6 ? Ipv6.IPV6_RECVERR : Ip.IP_RECVERR, 1);
            int identifier = socket.bind(loopback);
            raw.bind(router);
            byte[] request = Packets.echo(ipv6 ? 128 : 8, identifier, 0x1234);
            byte[] error = ipv6
                    ? Packets.error(1, 3, Packets.ipv6(request))
                    : Packets.error(3, 1, Packets.ipv4(0, Packets.LOOPBACK, 0x7f000002, request));
            raw.prepare(0, loopback, error);
            assertThat(raw.send(1)).isEqualTo(1);

            assertThat(socket.receive(Socket.MSG_ERRQUEUE)).isEqualTo(1);

            assertThat(Msghdr.flags(socket.buffer, socket.message(0)) & Socket.MSG_ERRQUEUE)
                    .isNotZero();
            assertThat(ByteBuffer.wrap(socket.data(0)).getShort(6)).isEqualTo((short) 0x1234);
            int cmsg = ipv6
                    ? socket.control(0, Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVERR)
                    : socket.control(0, Ip.IPPROTO_IP, Ip.IP_RECVERR);
            int entry = Cmsghdr.dataOffset(cmsg);
            int length = Cmsghdr.dataLength(socket.buffer, cmsg);
            assertThat(length).isEqualTo(ipv6 ? 44 : 32);
            assertThat(SockExtendedErr.errno(socket.buffer, entry)).isEqualTo(Errno.EHOSTUNREACH);
            assertThat(SockExtendedErr.origin(socket.buffer, entry))
                    .isEqualTo(ipv6 ? SockExtendedErr.SO_EE_ORIGIN_ICMP6 : SockExtendedErr.SO_EE_ORIGIN_ICMP);
            assertThat(SockExtendedErr.type(socket.buffer, entry)).isEqualTo(ipv6 ? 1 : 3);
            assertThat(SockExtendedErr.code(socket.buffer, entry)).isEqualTo(ipv6 ? 3 : 1);
            assertThat(SockExtendedErr.offenderFamily(socket.buffer, entry, length))
                    .isEqualTo(ipv6 ? Socket.AF_INET6 : Socket.AF_INET);
            int offender = SockExtendedErr.offenderOffset(entry);
            assertThat(
                            ipv6
                                    ? SockaddrIn6.addressLow(socket.buffer, offender)
                                    : SockaddrIn.address(socket.buffer, offender))
                    .isEqualTo(router);
        }
    }

    @Test
    void readsTheClocks() {
        try (NativeMemory memory = NativeMemory.allocate(Timespec.SIZE)) {
            long before = System.nanoTime();
            assertThat(LibC.clock_gettime(Timespec.CLOCK_MONOTONIC, memory.address()))
                    .isZero();
            assertThat(Timespec.nanos(memory.buffer(), 0)).isBetween(before, System.nanoTime());
            assertThat(LibC.clock_gettime(Timespec.CLOCK_REALTIME, memory.address()))
                    .isZero();
            assertThat(Timespec.nanos(memory.buffer(), 0) / SECOND)
                    .isCloseTo(Instant.now().getEpochSecond(), within(60L));
        }
    }
}
