// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.TimestampSource;
import dev.netecho.backend.AnswerRules;
import dev.netecho.backend.RoundTrip;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.SlotTable;
import dev.netecho.backend.Verdict;
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
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Reads packets and errors from the sockets of a loop, one socket at a time. It gathers the facts about each for
 * {@link AnswerRules}, and does what those decide.
 */
final class EchoReceiver implements AutoCloseable {
    private static final int MAX_BATCHES = 16;
    private static final int MAX_ERROR_BATCHES = 256;
    /** A time after every stamp. */
    private static final long REST = Long.MAX_VALUE;

    private static final OptionalInt[] OCTETS = new OptionalInt[256];

    static {
        for (int i = 0; i < OCTETS.length; i++) {
            OCTETS[i] = OptionalInt.of(i);
        }
    }

    private final Outcomes outcomes;
    final ReceiveBatch packets;
    final ErrorQueue errors;
    private final KernelClock clock;
    private final LocalMtu localMtu = new LocalMtu();
    private final RoundTrip roundTrip = new RoundTrip();
    private final QuotedEcho quote = new QuotedEcho();
    private final ReceiveCost cost = new ReceiveCost();

    /** The slot that the packet at hand names, and the request that is in flight in it, if one is. */
    private int slot;

    private SlotState state = SlotState.FREE;
    private @Nullable PendingEcho echo;

    /** When the kernel stamped that packet, and whether that was after the deadline of the request. */
    private long arrival;

    private boolean late;

    /** The entries of the error queue that are read but not yet handled: from the first to before the second. */
    private int nextEntry;

    private int entriesEnd;

    /** What {@link #receiveAll} has left unread. */
    enum Unread {
        NOTHING,
        SOME,
        /** The system refuses the read. */
        UNKNOWN
    }

    EchoReceiver(Outcomes outcomes) {
        this.outcomes = outcomes;
        this.packets = new ReceiveBatch();
        ErrorQueue newErrors = null;
        try {
            newErrors = new ErrorQueue();
            this.clock = new KernelClock();
        } catch (RuntimeException | Error e) {
            packets.close();
            if (newErrors != null) {
                newErrors.close();
            }
            throw e;
        }
        this.errors = newErrors;
    }

    /** Makes room for the reply to a request. */
    void expect(EchoRequest request) {
        packets.expect(IcmpEcho.HEADER_LENGTH + request.payload().size());
    }

    /** {@return how many bytes of answers a socket's receive buffer holds, by what is known of their cost} */
    long capacity(IcmpSocket socket) {
        return cost.modelledBytes(socket.receiveCapacity());
    }

    /** {@return what finds out for a socket what answers cost} */
    Weighing weighing(IcmpSocket socket) {
        return new Weighing(socket, cost);
    }

    /** {@return how many packets were read and matched; a bounded number, usually all that were there} */
    int receive(EchoSocket from) {
        int total = 0;
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = receiveBatch(from);
            if (received < 0) {
                return total;
            }
            total += received;
            if ((received > 0 && received < packets.capacity()) || from.reading.isRefusedForGood()) {
                return total; // the event loop reports what is left, if anything
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
    Unread receiveAll(EchoSocket from) {
        for (int i = 0; i < MAX_BATCHES; i++) {
            int received = receiveBatch(from);
            if (received < 0) {
                return received == -Errno.EAGAIN ? Unread.NOTHING : Unread.UNKNOWN;
            }
            if (from.reading.isRefusedForGood()) {
                return Unread.UNKNOWN;
            }
        }
        return Unread.SOME;
    }

    /**
     * {@return how many packets were read; 0 if an error or a signal came instead; an error number, negative, if none
     * can be}
     */
    private int receiveBatch(EchoSocket from) {
        from.weighing.begin();
        int received = packets.receive(from.socket);
        if (received > 0) {
            from.reading.packetsRead();
            acceptAll(from, received);
            from.weighing.end(received);
        } else if (received == -Errno.EINTR || Errno.mayBeForeign(-received)) {
            // The call has consumed the pending error; the packets are still there.
            from.reading.pendingError(-received, drainErrors(from) > 0);
            return 0;
        } else {
            from.reading.packetsRefused(-received);
        }
        return received;
    }

    private void acceptAll(EchoSocket from, int received) {
        long now = System.nanoTime();
        clock.look(now);
        try {
            for (int k = 0; k < received; k++) {
                packets.select(k);
                try {
                    acceptEntriesBefore(from, packets.stamp(), now);
                    accept(from, packets, now);
                } catch (RuntimeException e) {
                    // SPEC MAT-4: a packet that makes us fail costs no other request its answer.
                    outcomes.defect = e;
                }
            }
        } finally {
            packets.release(received);
        }
    }

    private void accept(EchoSocket from, ReceiveBatch packet, long now) {
        IpVersion version = from.socket.version();
        boolean raw = from.socket.kind() == SocketKind.RAW;
        ByteBuffer buffer = packet.buffer();
        int offset = packet.offset();
        int length = packet.length();
        int hopLimit = packet.hopLimit();
        if (raw && version == IpVersion.V4) {
            int header = Ipv4Header.headerLength(buffer, offset, length);
            if (header == 0) {
                outcomes.count(Stray.UNMATCHED);
                return;
            }
            hopLimit = Ipv4Header.timeToLive(buffer, offset);
            offset += header;
            length -= header;
            // Only raw IPv4 sockets get packets with a wrong ICMP checksum. That of a cut packet cannot be checked: it
            // counts by what it names, as on other sockets, and is never an intact reply.
            if (!packet.isTruncated() && !InternetChecksum.isValid(buffer, offset, length)) {
                outcomes.count(Stray.UNMATCHED);
                return;
            }
        }
        if (IcmpEcho.isReply(buffer, offset, length, version)) {
            acceptReply(from, packet, offset, length, hopLimit, now);
        } else if (raw && quote.decodeError(buffer, offset, length, version)) {
            acceptQuoted(from, packet.source(version), packet.stamp(), now);
        } else {
            outcomes.count(Stray.UNMATCHED);
        }
    }

    /** An echo reply, whose ICMP header begins at an offset of the packet's buffer. */
    private void acceptReply(EchoSocket from, ReceiveBatch packet, int offset, int length, int hopLimit, long now) {
        ByteBuffer buffer = packet.buffer();
        int named = from.slotOf(IcmpEcho.identifier(buffer, offset), IcmpEcho.sequence(buffer, offset));
        if (!find(from, named, packet.stamp(), now)) {
            return;
        }
        int dataOffset = offset + IcmpEcho.HEADER_LENGTH;
        int dataLength = length - IcmpEcho.HEADER_LENGTH;
        boolean intact = echo != null
                && !packet.isTruncated()
                && echo.request().payload().matches(buffer, dataOffset, dataLength);
        SlotTable slots = from.inFlight.slots();
        IpVersion version = from.socket.version();
        Verdict verdict = AnswerRules.reply(
                state,
                slots.token(slot),
                slots.earlierToken(slot),
                dataLength >= DefaultPayload.TOKEN_LENGTH ? DefaultPayload.token(buffer, dataOffset) : 0,
                slots.isDestination(slot, packet.sourceHigh(version), packet.sourceLow(version)),
                intact,
                late);
        PendingEcho answered = measure(from, verdict, now);
        if (answered == null) {
            return;
        }
        EchoRequest request = answered.request();
        EchoPayload payload = intact
                ? request.payload()
                : EchoPayload.copyOf(buffer, dataOffset, Math.min(dataLength, EchoPayload.MAX_SIZE));
        EchoOutcome.Reply reply = new EchoOutcome.Reply(
                request.destination(),
                roundTrip.nanos(),
                roundTrip.uncertaintyNanos(),
                arrival == KernelClock.UNUSABLE ? TimestampSource.PROCESS : TimestampSource.KERNEL,
                hopLimit < 0 || hopLimit > 255 ? -1 : hopLimit, // SPEC OUT-3
                payload,
                intact);
        if (intact) {
            from.weighing.asAsked(dataLength);
        }
        from.renewal.answered();
        // SPEC ERR-4: what comes after the first is a duplicate.
        from.inFlight.end(slot, SlotState.ANSWERED, now);
        outcomes.complete(answered, reply);
    }

    /**
     * {@return whether a request has the slot that an answer names, or had it lately} Else the answer is counted as
     * unmatched, without asking {@link AnswerRules}: a number that names no slot has no facts to look up.
     */
    private boolean find(EchoSocket from, int named, long stamp, long now) {
        InFlight inFlight = from.inFlight;
        slot = named;
        state = inFlight.slots().state(named);
        echo = state == SlotState.SENT ? inFlight.slots().pending(named) : null;
        arrival = KernelClock.UNUSABLE;
        late = false;
        if (echo != null) {
            arrival = clock.nanoTime(stamp, inFlight.slots().calledNanos(named), now);
            late = inFlight.isLate(named, arrival == KernelClock.UNUSABLE ? now : arrival);
        } else if (state == SlotState.FREE) {
            outcomes.count(Stray.UNMATCHED);
        }
        return state != SlotState.FREE;
    }

    /** {@return the request that an answer ends, after measuring its round trip; null if it ends none} */
    private @Nullable PendingEcho measure(EchoSocket from, Verdict verdict, long now) {
        if (verdict.stray() != null) {
            outcomes.count(verdict.stray());
        }
        PendingEcho ended = verdict.endsRequest() ? echo : null;
        echo = null; // this object outlives the request
        if (ended != null) {
            from.inFlight.measure(roundTrip, slot, ended.request(), arrival, clock.errorNanos(), now);
        }
        return ended;
    }

    /** An ICMP error that a raw socket has read. */
    private void acceptQuoted(EchoSocket from, SocketAddress offender, long stamp, long now) {
        boolean four = from.socket.version() == IpVersion.V4;
        acceptError(
                from,
                from.slotOf(quote.identifier(), quote.sequence()),
                four ? 0 : quote.ipv6DestinationHigh(),
                four ? Integer.toUnsignedLong(quote.ipv4Destination()) : quote.ipv6DestinationLow(),
                quote.type(),
                quote.code(),
                quote.nextHopMtu(),
                offender,
                stamp,
                now);
    }

    /** An entry of the error queue: an ICMP error, or an error of this host's kernel. */
    private void acceptEntry(EchoSocket from, ErrorQueue entry, long now) {
        IpVersion version = from.socket.version();
        if (entry.isLocal()) {
            // It quotes nothing: only its destination and the call that has just failed tell its request.
            localMtu.set(entry.info(), entry.destinationHigh(version), entry.destinationLow(version));
            return;
        }
        SocketAddress offender = entry.offender();
        if (!entry.isIcmp() || offender == null) {
            return;
        }
        if (!quote.decodeQuote(entry.buffer(), entry.quoteOffset(), entry.quoteLength(), version)) {
            outcomes.count(Stray.UNMATCHED);
            return;
        }
        acceptError(
                from,
                from.slotOf(from.socket.identifier(), quote.sequence()),
                entry.destinationHigh(version),
                entry.destinationLow(version),
                entry.type(),
                entry.code(),
                entry.info(),
                offender,
                entry.stamp(),
                now);
    }

    /** An ICMP error about the request that {@link #quote} names. */
    private void acceptError(
            EchoSocket from,
            int named,
            long destinationHigh,
            long destinationLow,
            int type,
            int code,
            int mtu,
            SocketAddress offender,
            long stamp,
            long now) {
        IpVersion version = from.socket.version();
        IcmpErrorKind kind =
                version == IpVersion.V4 ? IcmpErrorKind.ofIcmpv4(type, code) : IcmpErrorKind.ofIcmpv6(type, code);
        // SPEC ERR-2: neither ends a request, whose answer still comes (RFC 792, RFC 6633).
        if (IcmpTypes.isRedirect(version, type) || kind == IcmpErrorKind.SOURCE_QUENCH) {
            return;
        }
        if (!find(from, named, stamp, now)) {
            return;
        }
        SlotTable slots = from.inFlight.slots();
        Verdict verdict = AnswerRules.error(
                state,
                expectedStart(slots.token(slot), echo),
                slots.earlierToken(slot),
                quote.tokenPresent(),
                quote.token(),
                slots.isDestination(slot, destinationHigh, destinationLow),
                late);
        PendingEcho answered = measure(from, verdict, now);
        if (answered == null) {
            return;
        }
        boolean namesMtu = kind == IcmpErrorKind.FRAGMENTATION_NEEDED || kind == IcmpErrorKind.PACKET_TOO_BIG;
        EchoOutcome.IcmpError error = new EchoOutcome.IcmpError(
                offender.toInetAddress(),
                kind,
                OCTETS[type],
                OCTETS[code],
                namesMtu && mtu > 0 ? OptionalInt.of(mtu) : OptionalInt.empty(),
                Duration.ofNanos(roundTrip.nanos()),
                Duration.ofNanos(roundTrip.uncertaintyNanos()));
        from.inFlight.end(slot, SlotState.ENDED, now);
        outcomes.complete(answered, error);
    }

    /** What the first eight bytes of a quote must be: the token, or the start of an explicit payload; 0 if unknown. */
    private static long expectedStart(long token, @Nullable PendingEcho echo) {
        EchoPayload payload = echo == null ? null : echo.request().payload();
        return token != 0 || payload == null || payload.size() < EchoPayload.TOKEN_SIZE
                ? token
                : ByteBuffer.wrap(payload.toByteArray()).getLong(0);
    }

    /**
     * Empties the error queue; entries of other requests complete those requests. The queue of a raw socket holds only
     * late stamps.
     *
     * @return how many entries there were
     */
    int drainErrors(EchoSocket from) {
        int total = 0;
        for (int i = 0; i < MAX_ERROR_BATCHES; i++) {
            int received = errors.receive(from.socket);
            from.reading.errorsRead(received);
            if (received <= 0) {
                return total;
            }
            total += received;
            acceptErrors(from, received);
        }
        return total;
    }

    /** {@return the MTU that this host's kernel named last, if it did since this was cleared} */
    LocalMtu localMtu() {
        return localMtu;
    }

    /**
     * {@return how many entries of the error queue were read, for {@link #departure} and then {@link #acceptErrors}}
     */
    int readErrors(EchoSocket from) {
        return Math.max(0, errors.receive(from.socket));
    }

    /**
     * {@return when a packet left that was handed over alone, with a stamp, by a call between these two times;
     * {@link KernelClock#UNUSABLE} if that is not known}
     *
     * <p>SPEC TIM-3. A driver usually stamps a packet before the call returns. The time is unknown if a queueing
     * discipline holds the packet back, or if the driver stamps nothing. A stamp that comes later is ignored, because
     * it lies outside the call.
     */
    long departure(int entries, long before, long after) {
        long departure = KernelClock.UNUSABLE;
        for (int k = 0; k < entries; k++) {
            if (errors.select(k) && errors.isDeparture()) {
                departure = clock.nanoTime(errors.stamp(), before, after);
            }
        }
        return departure;
    }

    /**
     * Handles what {@link #readErrors} has read.
     *
     * <p>SPEC ERR-4. The replies of a datagram socket wait in another queue than its ICMP errors, and a reply may have
     * come first. So the replies are read too, and both are handled in the order of their stamps. An error without a
     * stamp comes last: a host that replied is up. So does one that this read had no room for.
     */
    void acceptErrors(EchoSocket from, int received) {
        if (received <= 0) {
            return;
        }
        long now = System.nanoTime();
        clock.look(now);
        nextEntry = 0;
        entriesEnd = received;
        try {
            if (from.socket.kind() == SocketKind.DATAGRAM) {
                acceptRepliesBefore(from, latestIcmp(received));
            }
            acceptEntriesBefore(from, REST, now);
        } finally {
            nextEntry = 0;
            entriesEnd = 0;
            errors.release(received);
        }
    }

    /** {@return the latest stamp among ICMP errors, {@link #REST} if one has none, 0 if there is no such error} */
    private long latestIcmp(int received) {
        long latest = 0;
        for (int k = 0; k < received; k++) {
            if (errors.select(k) && errors.isIcmp()) {
                latest = Math.max(latest, errors.stamp() == 0 ? REST : errors.stamp());
            }
        }
        return latest;
    }

    /** Handles the replies that came before a time, and with them the entries before each; a bounded number. */
    private void acceptRepliesBefore(EchoSocket from, long latest) {
        for (int i = 0; i < MAX_BATCHES && latest != 0; i++) {
            from.weighing.begin();
            int received = packets.receive(from.socket);
            if (received > 0) {
                from.reading.packetsRead();
                acceptAll(from, received);
                from.weighing.end(received);
                if (packets.stamp() > latest) {
                    return; // what follows is later still
                }
            } else if (received != -Errno.EINTR && !Errno.mayBeForeign(-received)) {
                return; // nothing is left; a refusal lasts until the next read, which reports it
            }
        }
    }

    /**
     * Handles the entries that the kernel stamped before a time.
     *
     * @param stamp of a packet, 0 if it has none; {@link #REST} for all
     */
    private void acceptEntriesBefore(EchoSocket from, long stamp, long now) {
        while (nextEntry < entriesEnd) {
            boolean isEntry = errors.select(nextEntry);
            boolean before = stamp == REST || (errors.stamp() != 0 && errors.stamp() < stamp);
            if (isEntry && !before) {
                return;
            }
            nextEntry++;
            try {
                if (isEntry) {
                    acceptEntry(from, errors, now);
                }
            } catch (RuntimeException e) {
                outcomes.defect = e;
            }
        }
    }

    @Override
    public void close() {
        packets.close();
        errors.close();
        clock.close();
    }
}
