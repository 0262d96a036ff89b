// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.Epoll;
import dev.netecho.linux.libc.EpollEvent;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.socket.SystemCallException;
import java.util.concurrent.TimeUnit;

/** Tells when the kernel learns the hardware address of a neighbour (rtnetlink(7)). Not thread-safe. */
final class NeighbourChanges implements AutoCloseable {
    private static final int ROOM = 8_192;

    private final NativeMemory memory = NativeMemory.allocate(ROOM);
    private int netlink = -1;
    private int epoll = -1;

    private NeighbourChanges() {}

    /** {@return a watch of all changes from now on} */
    static NeighbourChanges watch() throws SystemCallException {
        NeighbourChanges changes = new NeighbourChanges();
        try {
            changes.open();
            return changes;
        } catch (SystemCallException | RuntimeException | Error e) {
            changes.close();
            throw e;
        }
    }

    private void open() throws SystemCallException {
        int type = Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK;
        netlink = LibC.socket(Rtnetlink.AF_NETLINK, type, Rtnetlink.NETLINK_ROUTE);
        require("socket(AF_NETLINK)", netlink);
        int size = Rtnetlink.putNeighbourGroup(memory.buffer());
        require("bind(AF_NETLINK)", LibC.bind(netlink, memory.address(), size));
        epoll = LibC.epoll_create1(Epoll.EPOLL_CLOEXEC);
        require("epoll_create1", epoll);
        EpollEvent.put(memory.buffer(), 0, Epoll.EPOLLIN, 0);
        require("epoll_ctl", LibC.epoll_ctl(epoll, Epoll.EPOLL_CTL_ADD, netlink, memory.address()));
    }

    private static void require(String call, int result) throws SystemCallException {
        if (result < 0) {
            throw new SystemCallException(call, LibC.errno());
        }
    }

    /** {@return true after a change, or something like it; false at the deadline of {@link System#nanoTime}} */
    boolean await(long deadline) {
        long left = deadline - System.nanoTime();
        if (left <= 0) {
            return false;
        }
        int millis = (int) TimeUnit.NANOSECONDS.toMillis(left) + 1;
        // Interrupted by a signal, it returns early: one look more.
        if (LibC.epoll_wait(epoll, memory.address(), 1, millis) > 0) {
            // A full buffer loses changes (ENOBUFS): whoever waits looks anyway.
            var unused = LibC.read(netlink, memory.address(), ROOM);
        }
        return true;
    }

    @Override
    public void close() {
        if (epoll >= 0) {
            LibC.close(epoll);
        }
        if (netlink >= 0) {
            LibC.close(netlink);
        }
        memory.close();
    }
}
