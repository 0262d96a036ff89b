// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.IpVersion;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** The way into a lane: packets and errors from the kernel, told apart and handed to the matcher of each. */
final class LaneReceiver {
    private static final int MAX_BATCHES = 16;
    private static final int MAX_ERROR_BATCHES = 256;
    private static final int MOST_UNEXPLAINED = 16;

    private final Lane lane;
    private final Wire wire;
    private final IpVersion version;
    private final boolean raw;
    private final Weighing weighing;
    private final ReplyMatcher replies;
    private final ErrorMatcher icmpErrors;

    /** Why the last look at the packets, or at the error queue, was refused; 0 if it was not. */
    private int packetsRefused;

    private int errorsRefused;

    /** How often in a row the number of a pending error came without an entry in the error queue. */
    private int unexplained;

    /** What {@link #receiveAll} has left unread. */
    enum Unread {
        NOTHING,
        SOME,
        /** The system does not let us read. */
        UNKNOWN
    }

    LaneReceiver(Lane lane, Wire wire) {
        this.lane = lane;
        this.wire = wire;
        this.version = lane.socket.version();
        this.raw = lane.socket.kind() == SocketKind.RAW;
        this.weighing = new Weighing(lane.socket, wire.cost);
        this.replies = new ReplyMatcher(lane, wire, weighing);
        this.icmpErrors = new ErrorMatcher(lane, wire);
    }

    /** {@return how many packets were read and matched; a bounded number, and mostly all that were there} */
    int receive() {
        int total = 0;
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = receiveBatch();
            if (received < 0) {
                return total;
            }
            total += received;
            if ((received > 0 && received < wire.receive.capacity()) || isRefusedForGood()) {
                return total; // what is left, if anything, makes the loop come back
            }
        }
        return total;
    }

    /**
     * {@return what is left in the socket after a bounded number of batches}
     *
     * <p>SPEC TIM-4. Only EAGAIN says that nothing is: an ICMP error that arrives in the middle of recvmmsg(2) ends the
     * batch as well, and under a burst of errors nearly every batch.
     */
    Unread receiveAll() {
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = receiveBatch();
            if (received < 0) {
                return received == -Errno.EAGAIN ? Unread.NOTHING : Unread.UNKNOWN;
            }
            if (isRefusedForGood()) {
                return Unread.UNKNOWN;
            }
        }
        return Unread.SOME;
    }

    /** The kernel may have had no room for the entry of one error, but not again and again. */
    private boolean isRefusedForGood() {
        return unexplained > MOST_UNEXPLAINED;
    }

    /** {@return whether the system refused the last look at packets or errors, so that nobody knows what is there} */
    boolean isRefused() {
        return (packetsRefused | errorsRefused) != 0;
    }

    /**
     * {@return why answers to requests cannot be read; null if they can} On a raw socket the error queue holds none.
     */
    @Nullable
    SystemCallException refusal() {
        if (packetsRefused != 0) {
            return new SystemCallException("recvmmsg", packetsRefused);
        }
        return errorsRefused == 0 || raw ? null : new SystemCallException("recvmmsg(MSG_ERRQUEUE)", errorsRefused);
    }

    /**
     * {@return how many packets were read; 0 if an error or a signal came instead; an error number, negative, if none
     * can be}
     */
    private int receiveBatch() {
        weighing.begin();
        int received = wire.receive.receive(lane.socket);
        if (received > 0) {
            packetsRefused = 0;
            unexplained = 0;
            acceptAll(received);
            weighing.end(received);
        } else if (received == -Errno.EINTR || IcmpSocket.mayBeForeign(-received)) {
            // The call has consumed the pending error; the packets are still there. The kernel sets the number also
            // where it has no room for the entry: only a number that stays is a refusal.
            unexplained = drainErrors() > 0 ? 0 : unexplained + 1;
            packetsRefused = isRefusedForGood() ? -received : 0;
            return 0;
        } else {
            packetsRefused = received == -Errno.EAGAIN ? 0 : -received;
            unexplained = 0;
        }
        return received;
    }

    private void acceptAll(int received) {
        long now = System.nanoTime();
        wire.clock.look(now);
        try {
            for (int k = 0; k < received; k++) {
                wire.receive.select(k);
                try {
                    accept(wire.receive, now);
                } catch (RuntimeException e) { // SPEC MAT-4: a packet that trips us harms nobody else
                    wire.defect = e;
                }
            }
        } finally {
            wire.receive.release(received);
        }
    }

    private void accept(ReceiveBatch packet, long now) {
        ByteBuffer buffer = packet.buffer();
        int offset = packet.offset();
        int length = packet.length();
        int hopLimit = packet.hopLimit();
        if (raw && version == IpVersion.V4) {
            int header = Ipv4Header.headerLength(buffer, offset, length);
            if (header == 0) {
                wire.count(Stray.UNMATCHED);
                return;
            }
            hopLimit = Ipv4Header.timeToLive(buffer, offset);
            offset += header;
            length -= header;
            // Raw IPv4 sockets are given packets whose ICMP checksum is wrong; all others are not. Of a packet that
            // is longer than the room nobody can tell: it counts by what it names, as on other sockets, and is never
            // an intact reply.
            if (!packet.isTruncated() && !InternetChecksum.isValid(buffer, offset, length)) {
                wire.count(Stray.UNMATCHED);
                return;
            }
        }
        if (IcmpEcho.isReply(buffer, offset, length, version)) {
            replies.accept(packet, offset, length, hopLimit, now);
        } else if (raw && wire.quote.decodeError(buffer, offset, length, version)) {
            icmpErrors.accept(wire.quote, packet.source(version), packet.stamp(), now);
        } else {
            wire.count(Stray.UNMATCHED);
        }
    }

    /**
     * {@return how many entries of the error queue were read, for {@link #departure} and then {@link #acceptErrors}}
     */
    int readErrors() {
        return Math.max(0, wire.errors.receive(lane.socket));
    }

    /**
     * {@return when the packet left that a call between these two times has handed over alone, and was asked to stamp;
     * {@link KernelClock#UNUSABLE} if that is not known}
     *
     * <p>SPEC TIM-3. A driver stamps what it is given, mostly before the call returns. It is not known where a queueing
     * discipline holds the packet back, or the driver stamps nothing; a stamp that comes later is taken for none,
     * because it is not from within a call.
     */
    long departure(int entries, long before, long after) {
        long departure = KernelClock.UNUSABLE;
        for (int k = 0; k < entries; k++) {
            if (wire.errors.select(k) && wire.errors.isDeparture()) {
                departure = wire.clock.nanoTime(wire.errors.stamp(), before, after);
            }
        }
        return departure;
    }

    /**
     * Empties the error queue; entries of other requests complete those requests. That of a raw socket holds nothing
     * but stamps that came late.
     *
     * @return how many entries there were
     */
    int drainErrors() {
        int total = 0;
        for (int i = 0; i < MAX_ERROR_BATCHES; i++) {
            int received = wire.errors.receive(lane.socket);
            errorsRefused = received >= 0 || received == -Errno.EAGAIN ? 0 : -received;
            if (received <= 0) {
                return total;
            }
            total += received;
            acceptErrors(received);
        }
        return total;
    }

    /** Takes in what {@link #readErrors} has read. */
    void acceptErrors(int received) {
        ErrorQueue errors = wire.errors;
        long now = System.nanoTime();
        wire.clock.look(now);
        try {
            for (int k = 0; k < received; k++) {
                try {
                    if (errors.select(k)) {
                        icmpErrors.accept(errors, now);
                    }
                } catch (RuntimeException e) {
                    wire.defect = e;
                }
            }
        } finally {
            errors.release(received);
        }
    }
}
