// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.TimestampSource;
import dev.netecho.backend.AnswerFacts;
import dev.netecho.backend.AnswerRules;
import dev.netecho.backend.RoundTrip;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.SlotTable;
import dev.netecho.backend.Verdict;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.linux.socket.SocketKind;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.IcmpEcho;
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
 * Takes one packet, or one entry of the error queue, at a time: gathers the facts about it for {@link AnswerRules}, and
 * does what those decide.
 */
final class Answers {
    private static final OptionalInt[] OCTETS = new OptionalInt[256];

    static {
        for (int i = 0; i < OCTETS.length; i++) {
            OCTETS[i] = OptionalInt.of(i);
        }
    }

    private final Outcomes outcomes;
    private final KernelClock clock;
    private final AnswerFacts facts = new AnswerFacts();
    private final ReceivedError error = new ReceivedError();
    private final LocalMtu localMtu = new LocalMtu();
    private final RoundTrip roundTrip = new RoundTrip();
    private final QuotedEcho quote = new QuotedEcho();

    /** The request in flight in the slot that the answer names; null if none is. */
    private @Nullable PendingEcho echo;

    /** When the answer arrived, by the kernel's stamp; {@link KernelClock#UNUSABLE} if that is not known. */
    private long arrival;

    Answers(Outcomes outcomes, KernelClock clock) {
        this.outcomes = outcomes;
        this.clock = clock;
    }

    /** {@return the MTU that this host's kernel named last, if it did since this was cleared} */
    LocalMtu localMtu() {
        return localMtu;
    }

    /** A packet. */
    void accept(EchoSocket from, ReceiveBatch packet, long now) {
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
            error.ofPacket(packet, quote, version, offset, length);
            acceptError(from, from.slotOf(quote.identifier(), quote.sequence()), now);
        } else {
            outcomes.count(Stray.UNMATCHED);
        }
    }

    /** An echo reply, whose ICMP header begins at an offset of the packet's buffer. */
    private void acceptReply(EchoSocket from, ReceiveBatch packet, int offset, int length, int hopLimit, long now) {
        ByteBuffer buffer = packet.buffer();
        int named = from.slotOf(IcmpEcho.identifier(buffer, offset), IcmpEcho.sequence(buffer, offset));
        if (!find(from.inFlight, named, packet.stamp(), now)) {
            outcomes.count(Stray.UNMATCHED);
            return;
        }
        int dataOffset = offset + IcmpEcho.HEADER_LENGTH;
        int dataLength = length - IcmpEcho.HEADER_LENGTH;
        PendingEcho asked = echo;
        boolean intact = asked != null
                && !packet.isTruncated()
                && asked.request().payload().matches(buffer, dataOffset, dataLength);
        SlotTable slots = from.inFlight.slots();
        IpVersion version = from.socket.version();
        facts.matchesDestination(slots.isDestination(named, packet.sourceHigh(version), packet.sourceLow(version)))
                .intact(intact);
        if (dataLength >= DefaultPayload.TOKEN_LENGTH) {
            facts.token(DefaultPayload.token(buffer, dataOffset));
        }
        PendingEcho answered = measure(from, named, AnswerRules.reply(facts), now);
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
                isStamped() ? TimestampSource.KERNEL : TimestampSource.PROCESS,
                hopLimit < 0 || hopLimit > 255 ? -1 : hopLimit, // SPEC OUT-3
                payload,
                intact);
        if (intact) {
            from.weighing.asAsked(dataLength);
        }
        from.renewal.answered();
        // SPEC ERR-4: what comes after the first is a duplicate.
        from.inFlight.end(named, SlotState.ANSWERED, now);
        outcomes.complete(answered, reply);
    }

    /**
     * Finds the slot that an answer names, and states what it says about the answer. The data and the addresses of the
     * answer follow.
     *
     * @param named the slot, or {@link SlotTable#NONE}
     * @param stamp the kernel's stamp of the answer, 0 if it has none
     * @return whether a request has the slot, or had it lately
     */
    private boolean find(InFlight inFlight, int named, long stamp, long now) {
        SlotTable slots = inFlight.slots();
        SlotState state = slots.state(named);
        if (state == SlotState.FREE) {
            return false;
        }
        echo = state == SlotState.SENT ? slots.pending(named) : null;
        facts.of(state).expectedToken(slots.token(named)).earlierToken(slots.earlierToken(named));
        arrival = KernelClock.UNUSABLE;
        if (echo != null) {
            arrival = clock.nanoTime(stamp, slots.calledNanos(named), now);
            facts.late(inFlight.isLate(named, isStamped() ? arrival : now));
        }
        return true;
    }

    private boolean isStamped() {
        return arrival != KernelClock.UNUSABLE;
    }

    /** {@return the request that an answer ends, after measuring its round trip; null if it ends none} */
    private @Nullable PendingEcho measure(EchoSocket from, int named, Verdict verdict, long now) {
        if (verdict.stray() != null) {
            outcomes.count(verdict.stray());
        }
        PendingEcho answered = echo;
        echo = null; // this object outlives the request
        if (!verdict.endsRequest() || answered == null) {
            return null;
        }
        from.inFlight.measure(roundTrip, named, answered.request(), arrival, clock.errorNanos(), now);
        return answered;
    }

    /** An entry of the error queue: an ICMP error, or an error of this host's kernel. */
    void acceptEntry(EchoSocket from, ErrorQueue entry, long now) {
        IpVersion version = from.socket.version();
        if (entry.isLocal()) {
            // It quotes nothing: only its destination and the call that has just failed tell its request.
            localMtu.set(entry.info(), entry.destinationHigh(version), entry.destinationLow(version));
            return;
        }
        if (!entry.isIcmp()) {
            return;
        }
        error.ofEntry(entry, version);
        if (error.offender == null) {
            return;
        }
        if (!quote.decodeQuote(entry.buffer(), entry.quoteOffset(), entry.quoteLength(), version)) {
            outcomes.count(Stray.UNMATCHED);
            return;
        }
        acceptError(from, from.slotOf(from.socket.identifier(), quote.sequence()), now);
    }

    /** The error at hand, about the request that {@link #quote} names. */
    private void acceptError(EchoSocket from, int named, long now) {
        SocketAddress offender = error.offender;
        if (!error.isFailure() || offender == null) {
            return;
        }
        if (!find(from.inFlight, named, error.stamp, now)) {
            outcomes.count(Stray.UNMATCHED);
            return;
        }
        long token = from.inFlight.slots().token(named);
        facts.expectedToken(expectedStart(token, echo))
                .matchesDestination(error.quotesDestination(from.inFlight, named));
        if (quote.tokenPresent()) {
            facts.token(quote.token());
        }
        PendingEcho answered = measure(from, named, AnswerRules.error(facts), now);
        if (answered == null) {
            return;
        }
        EchoOutcome.IcmpError outcome = new EchoOutcome.IcmpError(
                offender.toInetAddress(),
                error.kind(),
                OCTETS[error.type],
                OCTETS[error.code],
                error.mtu() > 0 ? OptionalInt.of(error.mtu()) : OptionalInt.empty(),
                Duration.ofNanos(roundTrip.nanos()),
                Duration.ofNanos(roundTrip.uncertaintyNanos()),
                error.extensions());
        from.inFlight.end(named, SlotState.ENDED, now);
        outcomes.complete(answered, outcome);
    }

    /** What the first eight bytes of a quote must be: the token, or the start of an explicit payload; 0 if unknown. */
    private static long expectedStart(long token, @Nullable PendingEcho echo) {
        EchoPayload payload = echo == null ? null : echo.request().payload();
        return token != 0 || payload == null || payload.size() < EchoPayload.TOKEN_SIZE
                ? token
                : ByteBuffer.wrap(payload.toByteArray()).getLong(0);
    }
}
