// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Cmsghdr;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Icmp;
import dev.netecho.linux.libc.In6Pktinfo;
import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.Msghdr;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SocketAddress;
import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * The other side: a raw socket of the test, which sees every ICMP packet on loopback and may answer with whatever it
 * likes, from any address of this host.
 */
final class RawPeer implements AutoCloseable {
    private static final long PATIENCE_NANOS = 10_000_000_000L;
    private static final int BUFFER = 8 << 20;

    private static final int VEC = 0;
    private static final int IOV = 64;
    private static final int NAME = 128;
    private static final int CONTROL = 256;
    private static final int CONTROL_ROOM = 256;
    private static final int DATA = 512;
    private static final int DATA_ROOM = 70_000;

    final boolean ipv6;

    // linux/in6.h and linux/socket.h: only this level lets an ICMPv6 socket do without (RFC 3542, 3.1 forbids it).
    private static final int SOL_RAW = 255;
    private static final int IPV6_CHECKSUM = 7;
    private static final int CHECKSUM_OFFSET = 2;

    private final int fd;
    private final NativeMemory memory = NativeMemory.allocate(DATA + DATA_ROOM);
    private final ByteBuffer buffer = memory.buffer();

    RawPeer(boolean ipv6) {
        this.ipv6 = ipv6;
        fd = LibC.socket(
                ipv6 ? Socket.AF_INET6 : Socket.AF_INET,
                Socket.SOCK_RAW | Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC,
                ipv6 ? Icmp.IPPROTO_ICMPV6 : Icmp.IPPROTO_ICMP);
        if (fd < 0) {
            int errno = LibC.errno();
            memory.close();
            throw new AssertionError("raw socket of the test: " + Errno.describe(errno));
        }
        if (ipv6) {
            set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVPKTINFO, 1);
            set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVHOPLIMIT, 1);
            set(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVTCLASS, 1);
        }
        buffer.putInt(DATA, BUFFER);
        if (LibC.setsockopt(fd, Socket.SOL_SOCKET, Socket.SO_RCVBUFFORCE, memory.address() + DATA, 4) < 0) {
            // In a user namespace the kernel refuses to force it: what it grants has to do.
            set(Socket.SOL_SOCKET, Socket.SO_RCVBUF, BUFFER);
        }
    }

    private void set(int level, int option, int value) {
        buffer.putInt(DATA, value);
        if (LibC.setsockopt(fd, level, option, memory.address() + DATA, 4) < 0) {
            throw new AssertionError("setsockopt " + level + " " + option + ": " + Errno.describe(LibC.errno()));
        }
    }

    /** Waits for the next echo request, whoever sent it. */
    WirePacket nextRequest() {
        return next(ipv6 ? IcmpPackets.REQUEST6 : IcmpPackets.REQUEST4);
    }

    WirePacket next(int type) {
        long end = System.nanoTime() + PATIENCE_NANOS;
        while (true) {
            WirePacket packet = poll();
            if (packet == null) {
                if (System.nanoTime() - end > 0) {
                    throw new AssertionError("no ICMP packet of type " + type + " was seen");
                }
                LockSupport.parkNanos(50_000);
            } else if (packet.type() == type) {
                return packet;
            }
        }
    }

    /** {@return a packet that is there already, or null} */
    WirePacket poll() {
        Iovec.put(buffer, IOV, memory.address() + DATA, DATA_ROOM);
        message(SockaddrIn6.SIZE, CONTROL_ROOM);
        int received = LibC.recvmmsg(fd, memory.address() + VEC, 1, Socket.MSG_DONTWAIT, 0);
        if (received < 0) {
            if (LibC.errno() == Errno.EAGAIN) {
                return null;
            }
            throw new AssertionError("recvmmsg: " + Errno.describe(LibC.errno()));
        }
        byte[] data = new byte[Mmsghdr.msgLen(buffer, VEC)];
        buffer.get(DATA, data);
        return ipv6 ? packet6(data) : WirePacket.ofIpv4(data);
    }

    private WirePacket packet6(byte[] icmp) {
        InetAddress source = new SocketAddress(
                        IpVersion.V6, SockaddrIn6.addressHigh(buffer, NAME), SockaddrIn6.addressLow(buffer, NAME), 0)
                .toInetAddress();
        InetAddress destination = Loopback.V6;
        int hopLimit = -1;
        int trafficClass = -1;
        int end = Cmsghdr.end(buffer, CONTROL, Msghdr.controllen(buffer, VEC));
        for (int cmsg = Cmsghdr.first(buffer, CONTROL, end); cmsg >= 0; cmsg = Cmsghdr.next(buffer, end, cmsg)) {
            switch (Cmsghdr.type(buffer, cmsg)) {
                case Ipv6.IPV6_PKTINFO -> {
                    int info = Cmsghdr.dataOffset(cmsg);
                    destination = new SocketAddress(
                                    IpVersion.V6,
                                    In6Pktinfo.addressHigh(buffer, info),
                                    In6Pktinfo.addressLow(buffer, info),
                                    0)
                            .toInetAddress();
                }
                case Ipv6.IPV6_HOPLIMIT -> hopLimit = Cmsghdr.intOrByte(buffer, cmsg);
                case Ipv6.IPV6_TCLASS -> trafficClass = Cmsghdr.intOrByte(buffer, cmsg);
                default -> throw new AssertionError("unexpected control message " + Cmsghdr.type(buffer, cmsg));
            }
        }
        return new WirePacket(source, destination, hopLimit, trafficClass, false, icmp);
    }

    /** Sends an ICMP packet from one address of this host to another, as it is (the kernel adds an ICMPv6 checksum). */
    void send(InetAddress source, InetAddress destination, byte[] icmp) {
        SocketAddress from = SocketAddress.of(source);
        buffer.put(DATA, icmp);
        Iovec.put(buffer, IOV, memory.address() + DATA, icmp.length);
        int end = ipv6
                ? Cmsghdr.appendPktinfo6(buffer, CONTROL, from.high(), from.low(), 0)
                : Cmsghdr.appendPktinfo(buffer, CONTROL, (int) from.low(), 0);
        message(SocketAddress.of(destination).put(buffer, NAME, 0), end - CONTROL);
        int sent;
        do {
            sent = LibC.sendmmsg(fd, memory.address() + VEC, 1, Socket.MSG_DONTWAIT);
        } while (sent < 0 && LibC.errno() == Errno.ENOBUFS);
        if (sent != 1) {
            throw new AssertionError("send of " + Arrays.toString(icmp) + ": " + Errno.describe(LibC.errno()));
        }
    }

    /** Answers a request of IPv6 with a packet whose checksum is wrong. */
    void answerDamaged(WirePacket request, byte[] icmp) {
        byte[] damaged = icmp.clone();
        damaged[CHECKSUM_OFFSET] ^= 0x55;
        set(SOL_RAW, IPV6_CHECKSUM, -1);
        answer(request, damaged);
        set(SOL_RAW, IPV6_CHECKSUM, CHECKSUM_OFFSET);
    }

    /** Answers a request with a packet, from where the request went to where it came from. */
    void answer(WirePacket request, byte[] icmp) {
        InetAddress answering = request.destination();
        InetAddress asking = request.source();
        send(answering, asking, icmp);
    }

    private void message(int namelen, int controllen) {
        long base = memory.address();
        Mmsghdr.init(buffer, VEC, base + NAME, namelen, base + IOV, 1, base + CONTROL, controllen);
    }

    /** {@return how many raw ICMP sockets of a family are open in the namespace} */
    static int rawSockets(boolean ipv6) {
        String protocol = ipv6 ? ":003A " : ":0001 ";
        return (int) Loopback.read(Path.of(ipv6 ? "/proc/net/raw6" : "/proc/net/raw"))
                .lines()
                .skip(1)
                .filter(line -> line.toUpperCase(Locale.ROOT).contains(protocol))
                .count();
    }

    @Override
    public void close() {
        LibC.close(fd);
        memory.close();
    }
}
