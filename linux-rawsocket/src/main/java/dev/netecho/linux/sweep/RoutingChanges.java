// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.NetlinkMessage;
import dev.netecho.linux.libc.RoutingTables;
import dev.netecho.linux.libc.Rtnetlink;
import dev.netecho.linux.libc.Socket;
import dev.netecho.linux.libc.Xfrm;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.NetworkOrder;
import java.nio.ByteBuffer;

/** Tells whether something changed that decides where targets are sent. Not thread-safe. */
final class RoutingChanges implements AutoCloseable {
    private static final int ROOM = 32 * 1024;

    /** Bounds one look: what is left counts as a change. */
    private static final int MOST_READ = 64;

    private final TargetRanges ranges;
    private final int room;
    private final NativeMemory memory;
    private int routing = -1;
    private int policies = -1;

    private RoutingChanges(TargetRanges ranges, int room) {
        this.ranges = ranges;
        this.room = room;
        this.memory = NativeMemory.allocate(room);
    }

    /** {@return a watch of all changes from now on} */
    static RoutingChanges watch(TargetRanges ranges) throws SystemCallException {
        return watch(ranges, ROOM);
    }

    /** With room for messages of so many bytes. */
    static RoutingChanges watch(TargetRanges ranges, int room) throws SystemCallException {
        RoutingChanges changes = new RoutingChanges(ranges, room);
        try {
            changes.routing = open(Rtnetlink.NETLINK_ROUTE);
            changes.bind(changes.routing, Rtnetlink.putRoutingGroups(changes.memory.buffer()));
            changes.watchPolicies();
            return changes;
        } catch (SystemCallException | RuntimeException | Error e) {
            changes.close();
            throw e;
        }
    }

    private static int open(int protocol) throws SystemCallException {
        int fd = LibC.socket(
                Rtnetlink.AF_NETLINK, Socket.SOCK_RAW | Socket.SOCK_CLOEXEC | Socket.SOCK_NONBLOCK, protocol);
        if (fd < 0) {
            throw new SystemCallException("socket(AF_NETLINK)", LibC.errno());
        }
        return fd;
    }

    private void bind(int fd, int size) throws SystemCallException {
        if (LibC.bind(fd, memory.address(), size) < 0) {
            throw new SystemCallException("bind(AF_NETLINK)", LibC.errno());
        }
    }

    /** Policies cannot exist before the kernel has loaded their part. While they cannot be watched, they change. */
    private boolean watchPolicies() {
        if (policies >= 0 || !IpsecPolicies.mayExist()) {
            return false;
        }
        try {
            policies = open(Xfrm.NETLINK_XFRM);
            bind(policies, Xfrm.putPolicyGroup(memory.buffer()));
        } catch (SystemCallException e) {
            if (policies >= 0) {
                LibC.close(policies);
                policies = -1;
            }
        }
        return true;
    }

    /** {@return whether something changed since the last question} */
    boolean haveChanged() {
        boolean changed = watchPolicies();
        changed |= read(routing);
        if (policies >= 0) {
            changed |= read(policies);
        }
        return changed;
    }

    private boolean read(int fd) {
        boolean changed = false;
        for (int i = 0; i < MOST_READ; i++) {
            int end = (int) LibC.read(fd, memory.address(), room);
            if (end < 0 && LibC.errno() != Errno.ENOBUFS) {
                return changed;
            }
            // What found no room in the buffer (ENOBUFS) counts as well.
            changed |= end < 0 || matters(fd, end);
        }
        return true;
    }

    /** A host that speaks BGP changes routes all the time: only those to targets matter. */
    private boolean matters(int fd, int end) {
        ByteBuffer buffer = memory.buffer();
        boolean matters = false;
        int at = 0;
        for (; NetlinkMessage.isWhole(buffer, at, end); at = NetlinkMessage.next(buffer, at)) {
            int type = NetlinkMessage.type(buffer, at);
            boolean isRoute =
                    fd == routing && (type == RoutingTables.RTM_NEWROUTE || type == RoutingTables.RTM_DELROUTE);
            int network = NetlinkMessage.find(buffer, at, RoutingTables.FIXED, RoutingTables.RTA_DST, Integer.BYTES);
            int bits = Byte.toUnsignedInt(buffer.get(at + NetlinkMessage.HEADER + RoutingTables.DESTINATION_BITS));
            matters |= !isRoute || network == 0 || ranges.meet(NetworkOrder.getInt(buffer, network), bits);
        }
        // What was too long is cut off (recvmsg(2)), and may be about anything.
        return matters || at < end;
    }

    @Override
    public void close() {
        if (routing >= 0) {
            LibC.close(routing);
        }
        if (policies >= 0) {
            LibC.close(policies);
        }
        memory.close();
    }
}
