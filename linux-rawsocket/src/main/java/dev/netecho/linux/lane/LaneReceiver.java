// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.TimestampSource;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.IcmpSocket;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.IpVersion;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * The way into a lane: packets and errors from the kernel, matched with what is in flight.
 *
 * <p>A reply counts only if slot, source address and token (or every byte of a payload without one) are those of the
 * request; an ICMP error only if it quotes the slot, the destination and, where it quotes enough, the token. What does not
 * count is counted as a stray and harms nobody (SPEC MAT-1 to MAT-4, ERR-1).
 */
final class LaneReceiver {
    private static final int MAX_BATCHES = 16;
    private static final int MAX_ERROR_BATCHES = 256;

    private static final OptionalInt[] OCTETS = new OptionalInt[256];

    static {
        for (int i = 0; i < OCTETS.length; i++) {
            OCTETS[i] = OptionalInt.of(i);
        }
    }

    private final Lane lane;
    private final Wire wire;
    private final IpVersion version;
    private final boolean raw;
    private final Weighing weighing;

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
            if (received > 0 && received < wire.receive.capacity()) {
                return total; // what is left, if anything, makes the loop come back
            }
        }
        return total;
    }

    /**
     * {@return what is left in the socket after a bounded number of batches}
     *
     * <p>SPEC TIM-4. Only EAGAIN says that nothing is: an ICMP error that arrives in the middle of recvmmsg(2) ends the batch as well,
     * and under a burst of errors nearly every batch.
     */
    Unread receiveAll() {
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = receiveBatch();
            if (received < 0) {
                return received == -Errno.EAGAIN ? Unread.NOTHING : Unread.UNKNOWN;
            }
        }
        return Unread.SOME;
    }

    /** {@return how many packets were read; 0 if an error or a signal came instead; an error number, negative, if none can be} */
    private int receiveBatch() {
        weighing.begin();
        int received = wire.receive.receive(lane.socket);
        if (received > 0) {
            acceptAll(received);
            weighing.end(received);
        } else if (received == -Errno.EINTR || IcmpSocket.mayBeForeign(-received)) {
            drainErrors(); // the call has consumed the pending error; the packets are still there
            return 0;
        }
        return received;
    }

    /** What one packet trips must not cost the others of its batch their outcome. */
    private void acceptAll(int received) {
        long now = System.nanoTime();
        Throwable thrown = null;
        for (int k = 0; k < received; k++) {
            try {
                wire.receive.select(k);
                accept(wire.receive, now);
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
        }
        wire.receive.release(received);
        if (thrown != null) {
            throw new IllegalStateException("a packet could not be taken in", thrown);
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
            // Raw IPv4 sockets are given packets whose ICMP checksum is wrong; all others are not.
            if (packet.isTruncated() || !InternetChecksum.isValid(buffer, offset, length)) {
                wire.count(Stray.UNMATCHED);
                return;
            }
        }
        if (IcmpEcho.isReply(buffer, offset, length, version)) {
            acceptReply(packet, offset, length, hopLimit, now);
        } else if (raw && wire.quote.decodeError(buffer, offset, length, version)) {
            acceptError(wire.quote, wire.quote.type(), wire.quote.code(), packet.source(version), packet.stamp(), now);
        } else {
            wire.count(Stray.UNMATCHED);
        }
    }

    private void acceptReply(ReceiveBatch packet, int offset, int length, int hopLimit, long now) {
        ByteBuffer buffer = packet.buffer();
        int slot = slot(IcmpEcho.identifier(buffer, offset), IcmpEcho.sequence(buffer, offset));
        int dataOffset = offset + IcmpEcho.HEADER_LENGTH;
        int dataLength = length - IcmpEcho.HEADER_LENGTH;
        boolean hasToken = dataLength >= DefaultPayload.TOKEN_LENGTH;
        long token = hasToken ? DefaultPayload.token(buffer, dataOffset) : 0;
        SlotTable slots = lane.slots;
        byte state = slots.state(slot);
        boolean fromDestination = state != SlotTable.FREE
                && slots.isDestination(slot, packet.sourceHigh(version), packet.sourceLow(version));
        if (state != SlotTable.SENT) {
            wire.count(strayOf(slot, state, token, fromDestination));
            return;
        }
        PendingEcho echo = lane.slots.pending(slot);
        if (echo == null) {
            return;
        }
        EchoRequest request = echo.request();
        boolean carriesToken = request.payload().carriesToken();
        if (carriesToken && (!hasToken || token != slots.token(slot))) {
            wire.count(hasToken && token == slots.earlierToken(slot) ? Stray.LATE : Stray.ALTERED);
            return;
        }
        if (!fromDestination) {
            wire.count(Stray.WRONG_SOURCE);
            return;
        }
        boolean intact = !packet.isTruncated() && request.payload().matches(buffer, dataOffset, dataLength);
        if (!intact) {
            wire.count(Stray.ALTERED);
            if (!carriesToken) {
                return; // SPEC MAT-2: nothing names this very request
            }
        }
        long sent = slots.sentNanos(slot);
        long arrival = wire.clock.nanoTime(packet.stamp(), sent, now);
        boolean kernel = arrival != KernelClock.UNUSABLE;
        long answered = kernel ? arrival : now;
        if (lane.isLate(slot, answered)) {
            wire.count(Stray.LATE); // SPEC TIM-5: its deadline is past and its timer about to fire
            return;
        }
        // More than the timeout only if it left later than its share of the call says, see SendTimes.
        long roundTrip = Math.min(answered - sent, request.timeoutNanos());
        EchoPayload payload = intact
                ? request.payload()
                : EchoPayload.copyOf(buffer, dataOffset, Math.min(dataLength, EchoPayload.MAX_SIZE));
        EchoOutcome.Reply reply = new EchoOutcome.Reply(
                request.destination(),
                roundTrip,
                kernel ? TimestampSource.KERNEL : TimestampSource.PROCESS,
                hopLimit < 0 || hopLimit > 255 ? -1 : hopLimit, // SPEC OUT-3
                payload,
                intact);
        if (intact) {
            weighing.asAsked(dataLength);
        }
        // SPEC ERR-4: what comes after the first is a duplicate. After the outcome is made, which memory may fail.
        lane.end(slot, SlotTable.ANSWERED, now);
        echo.complete(reply);
    }

    private Stray strayOf(int slot, byte state, long token, boolean fromDestination) {
        if (!fromDestination || state == SlotTable.STAGED) {
            return Stray.UNMATCHED;
        }
        long expected = lane.slots.token(slot);
        if (expected == 0 || token == expected) {
            return state == SlotTable.ANSWERED ? Stray.DUPLICATE : Stray.LATE;
        }
        return token == lane.slots.earlierToken(slot) ? Stray.LATE : Stray.UNMATCHED;
    }

    /** {@return how many entries of the error queue were read, for {@link #departure} and then {@link #acceptErrors}} */
    int readErrors() {
        return Math.max(0, wire.errors.receive(lane.socket));
    }

    /**
     * {@return when the packet left that a call between these two times has handed over alone, and was asked to stamp}
     *
     * <p>SPEC TIM-3. A driver stamps what it is given, mostly before the call returns. Where a queueing discipline holds the packet back, or
     * the driver stamps nothing, it is the time before the call; a stamp that comes later is taken for none, because it is
     * not from within a call.
     */
    long departure(int entries, long before, long after) {
        long departure = before;
        for (int k = 0; k < entries; k++) {
            if (wire.errors.select(k) && wire.errors.isDeparture()) {
                long stamped = wire.clock.nanoTime(wire.errors.stamp(), before, after);
                departure = stamped == KernelClock.UNUSABLE ? before : stamped;
            }
        }
        return departure;
    }

    /**
     * Empties the error queue; entries of other requests complete those requests. That of a raw socket holds nothing but
     * stamps that came late.
     *
     * @return how many entries there were
     */
    int drainErrors() {
        int total = 0;
        for (int i = 0; i < MAX_ERROR_BATCHES; i++) {
            int received = wire.errors.receive(lane.socket);
            if (received <= 0) {
                if (received == -Errno.EINTR) {
                    continue;
                }
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
        Throwable thrown = null;
        for (int k = 0; k < received; k++) {
            try {
                if (errors.select(k)) {
                    acceptEntry(errors, now);
                }
            } catch (RuntimeException | Error e) {
                thrown = e;
            }
        }
        errors.release(received);
        if (thrown != null) {
            throw new IllegalStateException("an entry of the error queue could not be taken in", thrown);
        }
    }

    private void acceptEntry(ErrorQueue entry, long now) {
        if (entry.isLocal()) {
            // It quotes nothing: only its destination and the call that has just failed say whose it is.
            wire.localMtu = entry.info();
            wire.localMtuHigh = entry.destinationHigh(version);
            wire.localMtuLow = entry.destinationLow(version);
            return;
        }
        SocketAddress offender = entry.offender();
        if (!entry.isIcmp() || offender == null) {
            return;
        }
        if (!wire.quote.decodeQuote(entry.buffer(), entry.quoteOffset(), entry.quoteLength(), version)) {
            wire.count(Stray.UNMATCHED);
            return;
        }
        int slot = slot(lane.socket.identifier(), wire.quote.sequence());
        acceptError(
                slot,
                entry.destinationHigh(version),
                entry.destinationLow(version),
                wire.quote,
                entry.type(),
                entry.code(),
                entry.info(),
                offender,
                entry.stamp(),
                now);
    }

    private void acceptError(QuotedEcho quote, int type, int code, SocketAddress offender, long stamp, long now) {
        boolean four = version == IpVersion.V4;
        acceptError(
                slot(quote.identifier(), quote.sequence()),
                four ? 0 : quote.ipv6DestinationHigh(),
                four ? Integer.toUnsignedLong(quote.ipv4Destination()) : quote.ipv6DestinationLow(),
                quote,
                type,
                code,
                quote.nextHopMtu(),
                offender,
                stamp,
                now);
    }

    private void acceptError(
            int slot,
            long destinationHigh,
            long destinationLow,
            QuotedEcho quote,
            int type,
            int code,
            int mtu,
            SocketAddress offender,
            long stamp,
            long now) {
        IcmpErrorKind kind =
                version == IpVersion.V4 ? IcmpErrorKind.ofIcmpv4(type, code) : IcmpErrorKind.ofIcmpv6(type, code);
        if (IcmpTypes.isRedirect(version, type) || kind == IcmpErrorKind.SOURCE_QUENCH) {
            return; // SPEC ERR-2: neither ends a request, the answer still comes (RFC 792, RFC 6633)
        }
        SlotTable slots = lane.slots;
        byte state = slots.state(slot);
        PendingEcho echo = state == SlotTable.SENT ? slots.pending(slot) : null;
        if (state == SlotTable.FREE || !slots.isDestination(slot, destinationHigh, destinationLow)) {
            wire.count(Stray.UNMATCHED);
            return;
        }
        long expected = expectedStart(slot, echo);
        if (quote.tokenPresent() && expected != 0 && quote.token() != expected) {
            wire.count(quote.token() == slots.earlierToken(slot) ? Stray.LATE : Stray.UNMATCHED);
            return;
        }
        if (echo == null) {
            wire.count(state == SlotTable.ENDED ? Stray.LATE : Stray.UNMATCHED);
            return;
        }
        long sent = slots.sentNanos(slot);
        long arrival = wire.clock.nanoTime(stamp, sent, now);
        long answered = arrival == KernelClock.UNUSABLE ? now : arrival;
        if (lane.isLate(slot, answered)) {
            wire.count(Stray.LATE);
            return;
        }
        long roundTrip = Math.min(answered - sent, echo.request().timeoutNanos());
        boolean namesMtu = kind == IcmpErrorKind.FRAGMENTATION_NEEDED || kind == IcmpErrorKind.PACKET_TOO_BIG;
        EchoOutcome.IcmpError error = new EchoOutcome.IcmpError(
                offender.toInetAddress(),
                kind,
                OCTETS[type],
                OCTETS[code],
                namesMtu && mtu > 0 ? OptionalInt.of(mtu) : OptionalInt.empty(),
                Duration.ofNanos(roundTrip));
        lane.end(slot, SlotTable.ENDED, now);
        echo.complete(error);
    }

    /** What the first eight bytes of a quote must be: the token, or the start of an explicit payload; 0 if unknown. */
    private long expectedStart(int slot, @Nullable PendingEcho echo) {
        long token = lane.slots.token(slot);
        EchoPayload payload = echo == null ? null : echo.request().payload();
        return token != 0 || payload == null || payload.size() < EchoPayload.TOKEN_SIZE
                ? token
                : ByteBuffer.wrap(payload.toByteArray()).getLong(0);
    }

    /** {@return the slot that an identifier and a sequence number name, or -1 if the identifier is not ours} */
    private int slot(int identifier, int sequence) {
        if (!raw) {
            return sequence; // the kernel has compared the identifier, which it owns
        }
        int which = identifier - lane.socket.identifier();
        return which >= 0 && which < IcmpSocket.RAW_IDENTIFIERS ? which << 16 | sequence : SlotTable.NONE;
    }
}
