// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Cmsghdr;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Iovec;
import dev.netecho.linux.libc.Ipv6;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.Mmsghdr;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Socket;
import dev.netecho.packet.IcmpEcho;
import java.nio.ByteBuffer;

/**
 * Tries on a socket what requests need: calls that a system-call filter or a security module may deny, and options that
 * a kernel may ignore. Uses the scratch memory of the socket, and so not while another does.
 */
final class SocketProof {
    /** How many bytes of scratch memory it uses. */
    static final int ROOM = 256;

    /** Where things are in that memory: the header of the message is at 0. */
    private static final int IOVEC = Mmsghdr.SIZE;

    private static final int DATA = IOVEC + Iovec.SIZE;
    private static final int ADDRESS = 160;
    private static final int CONTROL = 192;

    /** One more than there is. */
    private static final int IMPOSSIBLE_HOP_LIMIT = 256;

    private static final SocketAddress LOOPBACK_6 = new SocketAddress(IpVersion.V6, 0, 1, 0);

    private final SocketKind kind;
    private final IpVersion version;
    private final NativeMemory scratch;
    private final int fd;

    SocketProof(SocketKind kind, IpVersion version, NativeMemory scratch, int fd) {
        this.kind = kind;
        this.version = version;
        this.scratch = scratch;
        this.fd = fd;
    }

    /**
     * Tries the calls that every request needs. No packet leaves and no route is needed. What may be there to receive
     * belongs to others: the socket has sent nothing yet.
     */
    void prove() throws SystemCallException {
        int errno = deniedSending();
        if (errno != 0) {
            throw new SystemCallException("sendmmsg", errno);
        }
        proveReceiving("recvmmsg", 0);
        if (kind == SocketKind.DATAGRAM) {
            proveReceiving("recvmmsg(MSG_ERRQUEUE)", Socket.MSG_ERRQUEUE);
        }
    }

    private void proveReceiving(String call, int flags) throws SystemCallException {
        putMessage(0);
        int received = LibC.recvmmsg(fd, scratch.address(), 1, flags | Socket.MSG_DONTWAIT, 0);
        int errno = received < 0 ? LibC.errno() : 0;
        if (errno != 0 && errno != Errno.EAGAIN && errno != Errno.EINTR) {
            throw new SystemCallException(call, errno);
        }
    }

    /**
     * {@return the error with which this process is denied sendmmsg(2) as such; 0 if it is not}
     *
     * <p>Tried with a packet that has no destination. A system-call filter or security module denies it first.
     * Otherwise it gets EDESTADDRREQ, before any route or packet filter is checked (measured on Linux 6.18, both kinds
     * and families).
     */
    int deniedSending() {
        int errno = sendNowhere();
        if (Errno.mayBeForeign(errno)) {
            errno = sendNowhere(); // the first call has taken the pending error
        }
        return switch (errno) {
            case Errno.EDESTADDRREQ, Errno.ENOTCONN, Errno.EINVAL, Errno.EAGAIN, Errno.EINTR -> 0;
            default -> errno;
        };
    }

    private int sendNowhere() {
        putMessage(IcmpEcho.HEADER_LENGTH);
        IcmpEcho.putRequest(scratch.buffer(), DATA, version, 0, 0);
        return LibC.sendmmsg(fd, scratch.address(), 1, Socket.MSG_DONTWAIT) < 0 ? LibC.errno() : 0;
    }

    /** {@return the error of sending a packet to ::1 with a hop limit that is refused by what reads it; 0 if none} */
    int sendImpossibleHopLimit() {
        ByteBuffer buffer = scratch.buffer();
        long address = scratch.address();
        putMessage(IcmpEcho.HEADER_LENGTH);
        IcmpEcho.putRequest(buffer, DATA, version, 0, 0);
        int size = LOOPBACK_6.put(buffer, ADDRESS, 0);
        int end = Cmsghdr.append(buffer, CONTROL, Ipv6.IPPROTO_IPV6, Ipv6.IPV6_HOPLIMIT, IMPOSSIBLE_HOP_LIMIT);
        Mmsghdr.init(buffer, 0, address + ADDRESS, size, address + IOVEC, 1, address + CONTROL, end - CONTROL);
        return LibC.sendmmsg(fd, address, 1, Socket.MSG_DONTWAIT) < 0 ? LibC.errno() : 0;
    }

    /** One message without address and control data. */
    private void putMessage(int length) {
        ByteBuffer buffer = scratch.buffer();
        long address = scratch.address();
        Iovec.put(buffer, IOVEC, address + DATA, length);
        Mmsghdr.init(buffer, 0, 0, 0, address + IOVEC, 1, 0, 0);
    }
}
