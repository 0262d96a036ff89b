// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.host.OutputDiscards;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.PendingEcho;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/** The sockets of an event loop, by number, which is part of {@link PendingEcho#handle}. */
final class SocketSet implements AutoCloseable {
    /** Each slot of each socket has a handle; more sockets than this are not opened. */
    static final int MAX_SOCKETS = PendingEcho.MAX_HANDLE >>> InFlight.SLOT_BITS;

    private static final int MOST_BLOCKS_IN_USE = 8;

    private final SocketKind kind;
    private final SocketSettings settings;
    private final ReceiveCost cost;
    private final Outcomes outcomes;
    private final OutputDiscards discards;
    private final List<@Nullable EchoSocket> numbered = new ArrayList<>();
    private int open;

    SocketSet(SocketKind kind, SocketSettings settings, ReceiveCost cost, Outcomes outcomes) {
        this.kind = kind;
        this.settings = settings;
        this.cost = cost;
        this.outcomes = outcomes;
        this.discards = new OutputDiscards(kind, System.nanoTime());
    }

    /** Opens a socket for a kind of packet; the caller closes it. */
    static IcmpSocket openSocket(SocketKind kind, SocketKey key, SocketSettings settings) throws SystemCallException {
        if (kind == SocketKind.RAW) {
            return IcmpSocket.openRaw(key.version(), identifierBlock(new SecureRandom()), settings);
        }
        return IcmpSocket.openDatagram(key.version(), key.dontFragment(), key.boundSource(), settings);
    }

    /**
     * {@return the first identifier of a raw socket} Random, not the pid: that is 1 in every container. Never 0: Linux
     * 5.10 and newer sum a reply from all ones (csum_partial_copy_nocheck). So its reply of nothing but zeros has the
     * checksum 0 instead of 0xffff, and looks damaged. Identifier 0, sequence number 0 and no data make such a reply.
     */
    static int identifierBlock(RandomGenerator random) {
        return random.nextInt(1, (1 << 16) / IcmpSocket.RAW_IDENTIFIERS) * IcmpSocket.RAW_IDENTIFIERS;
    }

    /** Opens one more. */
    EchoSocket open(SocketKey key) throws SystemCallException {
        requireNumber(numbered);
        IcmpSocket socket = openSocket(kind, key, settings);
        for (int i = 0; i < MOST_BLOCKS_IN_USE && isInUse(socket); i++) {
            socket.close(); // by chance the identifiers of another socket, which drains
            socket = openSocket(kind, key, settings);
        }
        return add(socket);
    }

    /** Makes no object: if memory ended here, the socket would stay open. */
    private boolean isInUse(IcmpSocket socket) {
        for (int i = 0; kind == SocketKind.RAW && i < numbered.size(); i++) {
            EchoSocket each = numbered.get(i);
            if (each != null
                    && each.socket.version() == socket.version()
                    && each.socket.identifier() == socket.identifier()) {
                return true;
            }
        }
        return false;
    }

    /** Every source of IPv6 takes one, and those that have requests in flight cannot make room. */
    static void requireNumber(List<?> numbered) {
        if (numbered.size() >= MAX_SOCKETS && !numbered.contains(null)) {
            throw new NoMoreSocketsException(MAX_SOCKETS);
        }
    }

    /** Adds one that is open already; closes it if that fails. */
    EchoSocket add(IcmpSocket socket) {
        try {
            int number = numbered.indexOf(null);
            if (number < 0) {
                number = numbered.size();
                numbered.add(null);
            }
            long now = System.nanoTime();
            int identifiers = kind == SocketKind.RAW ? IcmpSocket.RAW_IDENTIFIERS : 1;
            Weighing weighing = new Weighing(socket, cost);
            EchoSocket added = new EchoSocket(
                    socket,
                    number,
                    new InFlight(identifiers, weighing.capacity(), now),
                    weighing,
                    new LocalDrops(socket, discards, outcomes, now),
                    now);
            numbered.set(number, added);
            open++;
            return added;
        } catch (RuntimeException | Error e) {
            socket.close();
            throw e;
        }
    }

    /** Forgets one, whose descriptor is closed. */
    void remove(EchoSocket socket) {
        numbered.set(numbered.indexOf(socket), null);
        open--;
    }

    /** {@return the socket in whose slot a request is; null if that is closed} */
    @Nullable
    EchoSocket of(PendingEcho echo) {
        int handle = echo.handle();
        return handle < 0 ? null : numbered.get(EchoSocket.numberOf(handle));
    }

    boolean isEmpty() {
        return open == 0;
    }

    /** Releases all descriptors. */
    void release() {
        for (int i = 0; i < numbered.size(); i++) {
            EchoSocket socket = numbered.get(i);
            if (socket != null) {
                socket.release();
            }
        }
    }

    @Override
    public void close() {
        discards.close();
    }
}
