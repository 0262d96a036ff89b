// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.SlotTable;
import dev.netecho.linux.loop.Watch;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.spi.PendingEcho;
import org.jspecify.annotations.Nullable;

/** One socket with what is in flight on it, and what has to be remembered between two turns. */
final class EchoSocket {
    /** How long its interface is believed to have its name: less than any program takes to rename one and send. */
    private static final long INTERFACE_NANOS = 1_000_000;

    final IcmpSocket socket;
    final InFlight inFlight;
    final SendGate gate = new SendGate();
    final ReadState reading;
    final Weighing weighing;
    final LocalDrops drops;
    final Renewal renewal;
    private final int number;
    private @Nullable SocketWatch watch;
    private boolean released;

    /** Its interface is gone, or has another name, so that it sends no more. */
    boolean interfaceLost;

    private long interfaceSeenAt;

    /** {@code number} is part of the handle of each request on it. */
    EchoSocket(IcmpSocket socket, int number, InFlight inFlight, Weighing weighing, LocalDrops drops, long nowNanos) {
        this.socket = socket;
        this.number = number;
        this.inFlight = inFlight;
        this.reading = new ReadState(socket.kind() == SocketKind.RAW);
        this.weighing = weighing;
        this.drops = drops;
        this.renewal = new Renewal(nowNanos);
        this.interfaceSeenAt = nowNanos;
    }

    /** {@return whether nothing may be sent by it any more, because its interface has another name (SPEC REQ-1)} */
    boolean isOffItsInterface(long nowNanos) {
        if (nowNanos - interfaceSeenAt > INTERFACE_NANOS) {
            interfaceSeenAt = nowNanos;
            interfaceLost |= socket.hasLostInterface();
        }
        return interfaceLost;
    }

    void start(Watch watched) {
        try {
            watch = new SocketWatch(watched);
        } catch (Error e) {
            // No memory: nothing else would make the loop forget the descriptor before it is closed.
            released = true;
            watched.cancel();
            throw e;
        }
    }

    /** {@return the handle of the request in a slot} */
    int handle(int slot) {
        return number << InFlight.SLOT_BITS | slot;
    }

    static int numberOf(int handle) {
        return handle >>> InFlight.SLOT_BITS;
    }

    /** Frees the slot of a cancelled request. */
    void cancelled(PendingEcho echo) {
        inFlight.cancelled(echo, echo.handle() & ((1 << InFlight.SLOT_BITS) - 1));
    }

    /** {@return the identifier that a slot is sent with} */
    int identifier(int slot) {
        return socket.identifier() + (slot >>> 16);
    }

    /**
     * {@return the slot that an identifier and a sequence number name, or {@link SlotTable#NONE} if the identifier is
     * not one of this socket's}
     */
    int slotOf(int identifier, int sequence) {
        if (socket.kind() == SocketKind.DATAGRAM) {
            return sequence; // the kernel has compared the identifier, which it owns
        }
        int which = identifier - socket.identifier();
        return which >= 0 && which < IcmpSocket.RAW_IDENTIFIERS ? which << 16 | sequence : SlotTable.NONE;
    }

    void awaitWritable(boolean wanted) {
        if (watch != null) {
            watch.writable(wanted);
        }
    }

    /** Says whether a turn moved anything. */
    void turned(boolean moved) {
        if (watch != null) {
            watch.turned(moved, reading.isRefused());
        }
    }

    /** {@return whether the event loop does not report that there is something to read} */
    boolean isUnwatched() {
        return watch != null && watch.isPaused();
    }

    /** {@return when a turn is due even if nothing arrives; {@link Long#MAX_VALUE} if nothing is in flight} */
    long nextNanos() {
        long due = inFlight.nextDeadline();
        if (due != Long.MAX_VALUE && reading.isRefused()) {
            // What is due waits for the next look.
            due = Math.max(due, System.nanoTime() + SocketWatch.RETRY_NANOS);
        }
        return watch == null ? due : Math.min(watch.nextNanos(), due);
    }

    /** {@return when it may be closed, once it is replaced; {@link Long#MAX_VALUE} while something is in flight} */
    long drainedNanos() {
        return inFlight.isEmpty() ? renewal.drainedNanos() : Long.MAX_VALUE;
    }

    boolean isDrained(long nowNanos) {
        return inFlight.isEmpty() && nowNanos - renewal.drainedNanos() >= 0;
    }

    boolean isReleased() {
        return released;
    }

    /** Releases the descriptor: the loop forgets it, and reports that. */
    void release() {
        if (watch != null) {
            watch.cancel();
        }
    }

    /** The loop has forgotten the descriptor. */
    void close() {
        released = true;
        drops.notice(System.nanoTime());
        socket.close();
    }
}
