// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.linux.loop.EventLoop;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.PendingEcho;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** All lanes of an engine, by group for sending and by number for {@link PendingEcho#handle}. */
final class LaneSet {
    /** Sources of IPv6 on datagram sockets have a socket each; beyond this many, idle ones make room. */
    private static final int MAX_GROUPS = 64;

    /** Numbers of lanes, so that each slot of each lane has a handle; more lanes than this are not opened. */
    static final int MAX_LANES = PendingEcho.MAX_HANDLE >>> Lane.SLOT_BITS;

    private static final int MOST_BLOCKS_IN_USE = 8;

    private final SocketKind kind;
    private final SocketSettings settings;
    private final Wire wire;
    private final EventLoop loop;
    private final Lane.LaneOwner owner;
    private final Map<LaneKey, LaneGroup> groups = new LinkedHashMap<>();

    /** The same once more: every turn goes through them, and a map makes an object for that. */
    private List<LaneGroup> inTurn = List.of();

    private final List<@Nullable Lane> numbered = new ArrayList<>();
    private int open;

    /**
     * The group of the last request, which is mostly that of the next: a look-up by key costs as much as a deadline.
     */
    private @Nullable LaneGroup last;

    LaneSet(SocketKind kind, SocketSettings settings, Wire wire, EventLoop loop, Lane.LaneOwner owner) {
        this.kind = kind;
        this.settings = settings;
        this.wire = wire;
        this.loop = loop;
        this.owner = owner;
    }

    static IcmpSocket openSocket(SocketKind kind, LaneKey key, SocketSettings settings) throws SystemCallException {
        if (kind == SocketKind.RAW) {
            // Random, not the pid: that is 1 in every container.
            int block = new SecureRandom().nextInt(1 << 16) & -IcmpSocket.RAW_IDENTIFIERS;
            return IcmpSocket.openRaw(key.version(), block, settings);
        }
        return IcmpSocket.openDatagram(key.version(), key.dontFragment(), key.boundSource(), settings);
    }

    /** Adds a lane over a socket that is open already. */
    void start(LaneKey key, IcmpSocket socket) throws SystemCallException {
        Lane lane = lane(socket); // first: from here on somebody closes the socket, whatever fails
        group(key).add(lane);
    }

    private Lane open(LaneKey key) throws SystemCallException {
        requireNumber(numbered);
        IcmpSocket socket = openSocket(kind, key, settings);
        for (int i = 0; i < MOST_BLOCKS_IN_USE && isInUse(socket); i++) {
            socket.close(); // by chance the identifiers of a socket of ours that drains
            socket = openSocket(kind, key, settings);
        }
        return lane(socket);
    }

    private boolean isInUse(IcmpSocket socket) {
        return kind == SocketKind.RAW
                && numbered.stream()
                        .anyMatch(lane -> lane != null
                                && lane.socket.version() == socket.version()
                                && lane.socket.identifier() == socket.identifier());
    }

    /** Every source of IPv6 takes one, and those that have requests in flight cannot make room. */
    static void requireNumber(List<?> numbered) {
        if (numbered.size() >= MAX_LANES && !numbered.contains(null)) {
            throw new NoMoreLanesException(MAX_LANES);
        }
    }

    private Lane lane(IcmpSocket socket) throws SystemCallException {
        int number = numbered.indexOf(null);
        if (number < 0) {
            number = numbered.size();
            numbered.add(null);
        }
        Lane lane;
        try {
            lane = new Lane(socket, number, wire, owner);
            numbered.set(number, lane);
            lane.start(loop.watch(socket.fd(), lane));
        } catch (SystemCallException | RuntimeException | Error e) {
            numbered.set(number, null);
            socket.close();
            throw e;
        }
        open++;
        return lane;
    }

    @SuppressWarnings("ReferenceEquality") // almost every key is one of the few constants
    LaneGroup group(LaneKey key) {
        if (last != null && last.key == key) {
            return last;
        }
        LaneGroup group = groups.get(key);
        if (group == null) {
            makeRoom();
            // A raw socket carries many identifiers: one per family and process, because each costs the whole host.
            int most = kind == SocketKind.RAW ? 1 : LaneGroup.MAX_LANES;
            group = new LaneGroup(key, most, settings.identifierPeriodNanos(), wire, this::open);
            List<LaneGroup> more = new ArrayList<>(inTurn);
            more.add(group);
            inTurn = more; // first, so that a group that is found has its turns
            groups.put(key, group);
        }
        last = group;
        return group;
    }

    private void makeRoom() {
        if (groups.size() < MAX_GROUPS) {
            return;
        }
        List<LaneGroup> idle = groups.values().stream()
                .filter(group -> group.key.boundSource() != null && group.isIdle())
                .toList();
        List<LaneGroup> others =
                inTurn.stream().filter(group -> !idle.contains(group)).toList();
        last = null;
        groups.values().removeAll(idle); // first, so that forget() knows that these lanes are not in use
        inTurn = others;
        idle.forEach(LaneGroup::release);
    }

    /** {@return whether anything moved in a turn of every group} */
    boolean turn() {
        boolean moved = false;
        for (int i = 0; i < inTurn.size(); i++) {
            moved |= inTurn.get(i).turn();
        }
        return moved;
    }

    void expire() {
        for (int i = 0; i < inTurn.size(); i++) {
            inTurn.get(i).expire();
        }
    }

    /** {@return when a turn or an expiry is due though no packet arrives} */
    long nextNanos() {
        long next = Long.MAX_VALUE;
        for (int i = 0; i < inTurn.size(); i++) {
            next = Math.min(next, inTurn.get(i).nextNanos());
        }
        return next;
    }

    void cancelled(PendingEcho echo) {
        int handle = echo.handle();
        Lane lane = handle < 0 ? null : numbered.get(handle >>> Lane.SLOT_BITS);
        if (lane != null) {
            lane.cancelled(echo, handle & ((1 << Lane.SLOT_BITS) - 1));
        }
    }

    /** Takes out everything that waits or has a slot: it has failed. */
    void fail() {
        for (int i = 0; i < inTurn.size(); i++) {
            inTurn.get(i).fail();
        }
    }

    /** {@return how many requests are left in the queues, after dropping those that have their outcome} */
    int purge() {
        int left = 0;
        for (int i = 0; i < inTurn.size(); i++) {
            left += inTurn.get(i).purge();
        }
        return left;
    }

    void collect(ClosedRequests closed) {
        for (int i = 0; i < inTurn.size(); i++) {
            inTurn.get(i).collect(closed);
        }
    }

    void release() {
        for (int i = 0; i < numbered.size(); i++) {
            Lane lane = numbered.get(i);
            if (lane != null) {
                lane.release();
            }
        }
    }

    /** {@return whether a lane that is forgotten now, its descriptor being closed, was out of use} */
    boolean forget(Lane lane) {
        numbered.set(numbered.indexOf(lane), null);
        open--;
        for (int i = 0; i < inTurn.size(); i++) {
            if (inTurn.get(i).lanes().contains(lane)) {
                return false;
            }
        }
        return true;
    }

    boolean isEmpty() {
        return open == 0;
    }
}
