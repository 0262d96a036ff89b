// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.host.HostDiscards;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SocketSettings;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The sockets of an event loop, by number, which is part of {@link PendingEcho#handle}. */
final class SocketSet implements AutoCloseable {
    /** Each slot of each socket has a handle; more sockets than this are not opened. */
    static final int MAX_SOCKETS = PendingEcho.MAX_HANDLE >>> InFlight.SLOT_BITS;

    private final SocketKind kind;
    private final SocketSettings settings;
    private final ReceiveCost cost;
    private final Outcomes outcomes;
    private final HostDiscards discards;
    private final List<@Nullable EchoSocket> numbered = new ArrayList<>();
    private int open;

    SocketSet(SocketKind kind, SocketSettings settings, ReceiveCost cost, Outcomes outcomes) {
        this.kind = kind;
        this.settings = settings;
        this.cost = cost;
        this.outcomes = outcomes;
        this.discards = new HostDiscards(kind, System.nanoTime());
    }

    /** Opens a socket for a kind of packet; the caller closes it. */
    static IcmpSocket openSocket(SocketKind kind, SocketKey key, SocketSettings settings) throws SystemCallException {
        SocketSettings own = key.via().of(settings);
        if (kind == SocketKind.RAW) {
            return IcmpSocket.openRaw(key.version(), key.boundSource(), own);
        }
        return IcmpSocket.openDatagram(key.version(), key.dontFragment(), key.boundSource(), own);
    }

    /** Opens one more. */
    EchoSocket open(SocketKey key) throws SystemCallException {
        requireNumber(numbered);
        return add(openSocket(kind, key, settings));
    }

    /** Every interface, mark and IPv6 source takes one, and those with requests in flight cannot make room. */
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

    /** {@return how many have a descriptor} */
    int size() {
        return open;
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
