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
import dev.netecho.linux.libc.SockExtendedErr;
import dev.netecho.linux.libc.SockaddrIn;
import dev.netecho.linux.libc.SockaddrIn6;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.libc.Timespec;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The error queue of a socket. A datagram socket (ip(7), IP_RECVERR) has every ICMP error that quotes one of its
 * packets, with the quoted ICMP header and data, the original destination and the offender. Both kinds have the
 * departure stamps that {@link SendBatch#askForDeparture} asked for. {@link #select} makes one entry readable.
 */
public final class ErrorQueue implements AutoCloseable {
    private static final int CAPACITY = 16;

    /** Timestamp, hop limit and an IPv6 error entry together are 184 bytes; less room would cut off the offender. */
    private static final int CONTROL_ROOM = 256;

    /** What a router may send at most: 576 bytes of IPv4 (RFC 1812, 4.3.2.3), 1,280 of IPv6 (RFC 4443, 2.4). */
    private static final int DATA_ROOM = 1_280;

    private static final long STAMP = Cmsghdr.kind(Socket.SOL_SOCKET, Socket.SCM_TIMESTAMPNS);
    private static final long RECVERR = Cmsghdr.kind(Ip.IPPROTO_IP, Ip.IP_RECVERR);
    private static final long RECVERR6 = Cmsghdr.kind(Ipv6.IPPROTO_IPV6, Ipv6.IPV6_RECVERR);

    private final MessageVector messages = new MessageVector(CAPACITY, CONTROL_ROOM, DATA_ROOM);
    private int selected;
    private int entry;
    private int entryLength;
    private long stamp;

    /**
     * Reads entries, without waiting. Each call clears one pending error and may arm the next: read until none is left.
     *
     * @param socket where from
     * @return how many entries were read, or the error as a negative number
     */
    public int receive(IcmpSocket socket) {
        int received = LibC.recvmmsg(
                socket.fd(), messages.headerAddress(0), CAPACITY, Socket.MSG_ERRQUEUE | Socket.MSG_DONTWAIT, 0);
        return received < 0 ? -LibC.errno() : received;
    }

    /**
     * Makes the entries reusable; call it after reading all of them.
     *
     * @param received what {@link #receive} returned
     */
    public void release(int received) {
        messages.renew(received);
    }

    /**
     * Finds the error in the control data of an entry; the other accessors then return its values.
     *
     * @param index the entry
     * @return whether there is one
     */
    public boolean select(int index) {
        selected = index;
        entry = -1;
        entryLength = 0;
        stamp = 0;
        ByteBuffer buffer = messages.buffer;
        int start = messages.control(index);
        long length = Math.min(Msghdr.controllen(buffer, messages.header(index)), CONTROL_ROOM);
        int end = Cmsghdr.end(buffer, start, length);
        for (int cmsg = Cmsghdr.first(buffer, start, end); cmsg >= 0; cmsg = Cmsghdr.next(buffer, end, cmsg)) {
            read(buffer, cmsg);
        }
        return entry >= 0;
    }

    private void read(ByteBuffer buffer, int cmsg) {
        long kind = Cmsghdr.kind(buffer, cmsg);
        int dataLength = Cmsghdr.dataLength(buffer, cmsg);
        if ((kind == RECVERR || kind == RECVERR6) && SockExtendedErr.fits(dataLength)) {
            entry = Cmsghdr.dataOffset(cmsg);
            entryLength = dataLength;
        } else if (kind == STAMP && dataLength >= Timespec.SIZE) {
            stamp = Timespec.nanos(buffer, Cmsghdr.dataOffset(cmsg));
        }
    }

    /** {@return whether a router or host sent it, as opposed to this host's own stack} */
    public boolean isIcmp() {
        int origin = SockExtendedErr.origin(messages.buffer, entry);
        return origin == SockExtendedErr.SO_EE_ORIGIN_ICMP || origin == SockExtendedErr.SO_EE_ORIGIN_ICMP6;
    }

    /** {@return whether this host's own stack found the packet too large; then nothing is quoted} */
    public boolean isLocal() {
        return SockExtendedErr.origin(messages.buffer, entry) == SockExtendedErr.SO_EE_ORIGIN_LOCAL;
    }

    /** {@return whether it is not an error, but says with {@link #stamp} when a packet left} */
    public boolean isDeparture() {
        return SockExtendedErr.origin(messages.buffer, entry) == SockExtendedErr.SO_EE_ORIGIN_TIMESTAMPING;
    }

    /** {@return the ICMP type} */
    public int type() {
        return SockExtendedErr.type(messages.buffer, entry);
    }

    /** {@return the ICMP code} */
    public int code() {
        return SockExtendedErr.code(messages.buffer, entry);
    }

    /** {@return {@code ee_info}: the MTU of a packet that was too large} */
    public int info() {
        return SockExtendedErr.info(messages.buffer, entry);
    }

    /**
     * {@return the kernel's time of the error, or of the departure, in nanoseconds since the epoch; 0 if there is none}
     */
    public long stamp() {
        return stamp;
    }

    /** {@return the buffer that {@link #quoteOffset} points into} */
    public ByteBuffer buffer() {
        return messages.buffer;
    }

    /** {@return where the quoted ICMP header begins} */
    public int quoteOffset() {
        return messages.data(selected);
    }

    /** {@return the quoted bytes that were kept} */
    public int quoteLength() {
        return Math.min(Mmsghdr.msgLen(messages.buffer, messages.header(selected)), DATA_ROOM);
    }

    /** {@return whether more was quoted than was kept} */
    public boolean isTruncated() {
        return (Msghdr.flags(messages.buffer, messages.header(selected)) & Socket.MSG_TRUNC) != 0;
    }

    /** {@return where in the quote the extension of RFC 4884 begins, as the kernel says; 0 if it does not} */
    public int extensionOffset() {
        return SockExtendedErr.rfc4884Len(messages.buffer, entry);
    }

    /** {@return the first eight bytes of the IPv6 address that the packet was sent to; 0 for IPv4} */
    public long destinationHigh(IpVersion version) {
        return version == IpVersion.V4 ? 0 : SockaddrIn6.addressHigh(messages.buffer, messages.name(selected));
    }

    /** {@return the rest of the address that the packet was sent to} */
    public long destinationLow(IpVersion version) {
        int name = messages.name(selected);
        return version == IpVersion.V4
                ? Integer.toUnsignedLong(SockaddrIn.address(messages.buffer, name))
                : SockaddrIn6.addressLow(messages.buffer, name);
    }

    /** {@return who sent the error; null if the kernel did not say} */
    public @Nullable SocketAddress offender() {
        ByteBuffer buffer = messages.buffer;
        int at = SockExtendedErr.offenderOffset(entry);
        return switch (SockExtendedErr.offenderFamily(buffer, entry, entryLength)) {
            case Socket.AF_INET ->
                new SocketAddress(IpVersion.V4, 0, Integer.toUnsignedLong(SockaddrIn.address(buffer, at)), 0);
            case Socket.AF_INET6 ->
                new SocketAddress(
                        IpVersion.V6,
                        SockaddrIn6.addressHigh(buffer, at),
                        SockaddrIn6.addressLow(buffer, at),
                        SockaddrIn6.scopeId(buffer, at));
            default -> null;
        };
    }

    @Override
    public void close() {
        messages.close();
    }
}
