// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Cmsghdr;
import dev.netecho.linux.libc.Ip;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.Msghdr;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.libc.Timespec;
import java.nio.ByteBuffer;

/** Packets from a socket, many with one recvmmsg(2). {@link #select} makes one of them readable. */
public final class ReceiveBatch implements AutoCloseable {
    private static final int CAPACITY = 64;
    private static final int CONTROL_ROOM = 128;
    private static final int REPLY_ROOM = 256;

    /** Raw sockets also read ICMP errors: at most 576 bytes (RFC 1812, 4.3.2.3), of IPv6 1,280 (RFC 4443, 2.4). */
    private static final int ERROR_ROOM = 1_280;

    private static final long STAMP = Cmsghdr.kind(Socket.SOL_SOCKET, Socket.SCM_TIMESTAMPNS);
    private static final long TTL = Cmsghdr.kind(Ip.IPPROTO_IP, Ip.IP_TTL);
    private static final long HOPLIMIT = Cmsghdr.kind(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_HOPLIMIT);

    /**
     * The longest IPv4 header, which raw sockets deliver, and as much again for answers that are longer than the
     * request.
     */
    private static final int OVERHEAD = 60 + 64;

    private static final int MEMORY_LIMIT = 2 << 20;

    private MessageVector messages;
    private int selected;
    private long stamp;
    private int hopLimit;

    /**
     * Makes room for small replies, and for what else sockets of a kind read.
     *
     * @param kind of the sockets
     */
    public ReceiveBatch(SocketKind kind) {
        int room = kind == SocketKind.RAW ? ERROR_ROOM : REPLY_ROOM;
        messages = new MessageVector(CAPACITY, CONTROL_ROOM, room);
    }

    /**
     * Makes room for the reply to a request, before it is sent.
     *
     * @param packetLength ICMP header and data of the request in bytes
     */
    public void expect(int packetLength) {
        int room = packetLength + OVERHEAD;
        if (room > messages.dataRoom) {
            int rounded = room <= 2048 ? 2048 : 65_536 + OVERHEAD;
            MessageVector larger = new MessageVector(Math.min(CAPACITY, MEMORY_LIMIT / rounded), CONTROL_ROOM, rounded);
            messages.close(); // only after the other is there: malloc may fail
            messages = larger;
        }
    }

    /** {@return how many messages one {@link #receive} can bring} */
    public int capacity() {
        return messages.count;
    }

    /**
     * Reads what is there, without waiting.
     *
     * @param socket where from
     * @return how many messages were read, or the error as a negative number
     */
    public int receive(IcmpSocket socket) {
        int received = LibC.recvmmsg(socket.fd(), messages.headerAddress(0), messages.count, Socket.MSG_DONTWAIT, 0);
        return received < 0 ? -LibC.errno() : received;
    }

    /**
     * Makes the messages reusable; call it after reading all of them.
     *
     * @param received what {@link #receive} returned
     */
    public void release(int received) {
        messages.renew(received);
    }

    /**
     * Reads the control data of a message; the other accessors then return its values.
     *
     * @param index the message
     */
    public void select(int index) {
        selected = index;
        stamp = 0;
        hopLimit = -1;
        ByteBuffer buffer = messages.buffer;
        int start = messages.control(index);
        // Bounded by the room: a length that the kernel cannot have written must not lead outside this message.
        long length = Math.min(Msghdr.controllen(buffer, messages.header(index)), CONTROL_ROOM);
        int end = Cmsghdr.end(buffer, start, length);
        for (int cmsg = Cmsghdr.first(buffer, start, end); cmsg >= 0; cmsg = Cmsghdr.next(buffer, end, cmsg)) {
            read(buffer, cmsg);
        }
    }

    private void read(ByteBuffer buffer, int cmsg) {
        long kind = Cmsghdr.kind(buffer, cmsg);
        if (kind == STAMP) {
            if (Cmsghdr.dataLength(buffer, cmsg) >= Timespec.SIZE) {
                stamp = Timespec.nanos(buffer, Cmsghdr.dataOffset(cmsg));
            }
        } else if (kind == TTL || kind == HOPLIMIT) {
            hopLimit = Cmsghdr.intOrByte(buffer, cmsg);
        }
    }

    /** {@return the buffer that {@link #offset} points into} */
    public ByteBuffer buffer() {
        return messages.buffer;
    }

    /** {@return where the packet begins: the ICMP header, or on raw IPv4 the IP header} */
    public int offset() {
        return messages.data(selected);
    }

    /** {@return the bytes of the packet that were kept} */
    public int length() {
        return Math.min(Mmsghdr.msgLen(messages.buffer, messages.header(selected)), messages.dataRoom);
    }

    /** {@return whether the packet was longer than what was kept} */
    public boolean isTruncated() {
        return (Msghdr.flags(messages.buffer, messages.header(selected)) & Socket.MSG_TRUNC) != 0;
    }

    /** {@return the kernel's receive time in nanoseconds since the epoch (CLOCK_REALTIME); 0 if there is none} */
    public long stamp() {
        return stamp;
    }

    /** {@return the hop limit that came as control data; -1 if none came} */
    public int hopLimit() {
        return hopLimit;
    }

    /** {@return the first eight bytes of the sender's IPv6 address; 0 for IPv4} */
    public long sourceHigh(IpVersion version) {
        return version == IpVersion.V4 ? 0 : SockaddrIn6.addressHigh(messages.buffer, messages.name(selected));
    }

    /** {@return the last eight bytes of the sender's IPv6 address, or the IPv4 address as an unsigned number} */
    public long sourceLow(IpVersion version) {
        int name = messages.name(selected);
        return version == IpVersion.V4
                ? Integer.toUnsignedLong(SockaddrIn.address(messages.buffer, name))
                : SockaddrIn6.addressLow(messages.buffer, name);
    }

    /** {@return the sender} */
    public SocketAddress source(IpVersion version) {
        int scope = version == IpVersion.V4 ? 0 : SockaddrIn6.scopeId(messages.buffer, messages.name(selected));
        return new SocketAddress(version, sourceHigh(version), sourceLow(version), scope);
    }

    @Override
    public void close() {
        messages.close();
    }
}
