// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;

/** A socket of the tests with room for a batch of messages, through the bindings and layouts under test only. */
final class NativeSocket implements AutoCloseable {
    static final int BATCH = 32;

    private static final int DATA = 256;
    private static final int CONTROL = 256;

    // Regions of the one block, each with BATCH elements.
    private static final int VEC = 0;
    private static final int IOV = VEC + BATCH * Mmsghdr.SIZE;
    private static final int NAMES = IOV + BATCH * Iovec.SIZE;
    private static final int CONTROLS = NAMES + BATCH * Sockaddr.STORAGE_SIZE;
    private static final int BUFFERS = CONTROLS + BATCH * CONTROL;
    private static final int SCRATCH = BUFFERS + BATCH * DATA;
    private static final int SIZE = SCRATCH + 128;

    private final boolean ipv6;
    private final int fd;
    private final NativeMemory memory = NativeMemory.allocate(SIZE);
    final ByteBuffer buffer = memory.buffer();

    NativeSocket(boolean ipv6, int type) {
        this.ipv6 = ipv6;
        LibC.load();
        fd = check(
                LibC.socket(
                        ipv6 ? Socket.AF_INET6 : Socket.AF_INET,
                        type | Socket.SOCK_NONBLOCK | Socket.SOCK_CLOEXEC,
                        ipv6 ? Icmp.IPPROTO_ICMPV6 : Icmp.IPPROTO_ICMP),
                "socket");
    }

    void set(int level, int option, int value) {
        buffer.putInt(SCRATCH, value);
        setScratch(level, option, Integer.BYTES);
    }

    void setScratch(int level, int option, int length) {
        set(level, option, address(SCRATCH), length);
    }

    void set(int level, int option, long address, int length) {
        check(LibC.setsockopt(fd, level, option, address, length), "setsockopt " + level + " " + option);
    }

    /** Reads an option, and returns the offset of its value. */
    int get(int level, int option, int length) {
        buffer.putInt(SCRATCH, length);
        check(
                LibC.getsockopt(fd, level, option, address(SCRATCH + 8), address(SCRATCH)),
                "getsockopt " + level + " " + option);
        if (buffer.getInt(SCRATCH) != length) {
            throw new AssertionError("the option has " + buffer.getInt(SCRATCH) + " bytes, not " + length);
        }
        return SCRATCH + 8;
    }

    static int scratch() {
        return SCRATCH;
    }

    /** Binds to an address with the last eight bytes {@code address}, and returns the identifier. */
    int bind(long address) {
        putName(SCRATCH, address, 0);
        int length = ipv6 ? SockaddrIn6.SIZE : SockaddrIn.SIZE;
        long name = address(SCRATCH);
        check(LibC.bind(fd, name, length), "bind");
        buffer.putInt(SCRATCH + 64, Sockaddr.STORAGE_SIZE / 2);
        check(LibC.getsockname(fd, name, name + 64), "getsockname");
        return ipv6 ? SockaddrIn6.port(buffer, SCRATCH) : SockaddrIn.port(buffer, SCRATCH);
    }

    /** Puts a message into the batch, and returns the offset of its control data. */
    int prepare(int index, long destination, byte[] packet) {
        int data = BUFFERS + index * DATA;
        buffer.put(data, packet);
        putName(name(index), destination, 0);
        Iovec.put(buffer, IOV + index * Iovec.SIZE, address(data), packet.length);
        initialise(index, ipv6 ? SockaddrIn6.SIZE : SockaddrIn.SIZE, 0);
        return CONTROLS + index * CONTROL;
    }

    void setControlEnd(int index, int end) {
        Msghdr.setControllen(buffer, message(index), end - CONTROLS - index * CONTROL);
    }

    int send(int count) {
        return check(LibC.sendmmsg(fd, address(VEC), count, Socket.MSG_DONTWAIT), "sendmmsg");
    }

    /** Waits up to five seconds for a message, and returns how many were received. */
    int receive(int flags) {
        await(Epoll.EPOLLIN);
        for (int i = 0; i < BATCH; i++) {
            Iovec.put(buffer, IOV + i * Iovec.SIZE, address(BUFFERS + i * DATA), DATA);
            initialise(i, Sockaddr.STORAGE_SIZE, CONTROL);
        }
        return check(LibC.recvmmsg(fd, address(VEC), BATCH, flags | Socket.MSG_DONTWAIT, 0), "recvmmsg");
    }

    private void await(int events) {
        int epoll = check(LibC.epoll_create1(Epoll.EPOLL_CLOEXEC), "epoll_create1");
        try {
            EpollEvent.put(buffer, SCRATCH, events, fd);
            check(LibC.epoll_ctl(epoll, Epoll.EPOLL_CTL_ADD, fd, address(SCRATCH)), "epoll_ctl");
            int timeout = (int) TimeUnit.SECONDS.toMillis(5);
            if (check(LibC.epoll_wait(epoll, address(SCRATCH), 1, timeout), "epoll_wait") == 0) {
                throw new AssertionError("nothing received within 5 s");
            }
            if (EpollEvent.data(buffer, SCRATCH) != fd) {
                throw new AssertionError("epoll names descriptor " + EpollEvent.data(buffer, SCRATCH));
            }
        } finally {
            LibC.close(epoll);
        }
    }

    int message(int index) {
        return VEC + index * Mmsghdr.SIZE;
    }

    int name(int index) {
        return NAMES + index * Sockaddr.STORAGE_SIZE;
    }

    byte[] data(int index) {
        byte[] data = new byte[Mmsghdr.msgLen(buffer, message(index))];
        buffer.get(BUFFERS + index * DATA, data);
        return data;
    }

    /** {@return the offset of the control message of a level and type, which must be there} */
    int control(int index, int level, int type) {
        int start = CONTROLS + index * CONTROL;
        long length = Msghdr.controllen(buffer, message(index));
        int end = Cmsghdr.end(buffer, start, length);
        for (int cmsg = Cmsghdr.first(buffer, start, end); cmsg >= 0; cmsg = Cmsghdr.next(buffer, end, cmsg)) {
            if (Cmsghdr.level(buffer, cmsg) == level && Cmsghdr.type(buffer, cmsg) == type) {
                return cmsg;
            }
        }
        throw new AssertionError("no control message " + level + " " + type + " in " + length + " bytes");
    }

    private void initialise(int index, int namelen, int controllen) {
        Mmsghdr.init(
                buffer,
                message(index),
                address(name(index)),
                namelen,
                address(IOV + index * Iovec.SIZE),
                1,
                address(CONTROLS + index * CONTROL),
                controllen);
    }

    private long address(int offset) {
        return memory.address() + offset;
    }

    private void putName(int offset, long address, int port) {
        if (ipv6) {
            SockaddrIn6.put(buffer, offset, 0, address, 0, port);
        } else {
            SockaddrIn.put(buffer, offset, (int) address, port);
        }
    }

    private static int check(int result, String call) {
        if (result < 0) {
            throw new AssertionError(call + " failed: " + Errno.describe(LibC.errno()));
        }
        return result;
    }

    @Override
    public void close() {
        LibC.close(fd);
        memory.close();
    }
}
