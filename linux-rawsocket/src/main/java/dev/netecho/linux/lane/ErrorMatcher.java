// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.engine.AnswerRules;
import dev.netecho.engine.RoundTrip;
import dev.netecho.engine.SlotState;
import dev.netecho.engine.SlotTable;
import dev.netecho.engine.Verdict;
import dev.netecho.linux.socket.ErrorQueue;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.SocketAddress;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** Gathers the facts about ICMP errors for {@link AnswerRules}, and does what those decide. */
final class ErrorMatcher {
    private static final OptionalInt[] OCTETS = new OptionalInt[256];

    static {
        for (int i = 0; i < OCTETS.length; i++) {
            OCTETS[i] = OptionalInt.of(i);
        }
    }

    private final Lane lane;
    private final Wire wire;
    private final IpVersion version;

    ErrorMatcher(Lane lane, Wire wire) {
        this.lane = lane;
        this.wire = wire;
        this.version = lane.socket.version();
    }

    /**
     * Takes in an entry of the error queue: an ICMP error, which completes the request it quotes, or one of our own
     * kernel.
     */
    void accept(ErrorQueue entry, long now) {
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
        match(
                lane.slotOf(lane.socket.identifier(), wire.quote.sequence()),
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

    /** Takes in an ICMP error that a raw socket has read, and completes the request it quotes. */
    void accept(QuotedEcho quote, SocketAddress offender, long stamp, long now) {
        boolean four = version == IpVersion.V4;
        match(
                lane.slotOf(quote.identifier(), quote.sequence()),
                four ? 0 : quote.ipv6DestinationHigh(),
                four ? Integer.toUnsignedLong(quote.ipv4Destination()) : quote.ipv6DestinationLow(),
                quote,
                quote.type(),
                quote.code(),
                quote.nextHopMtu(),
                offender,
                stamp,
                now);
    }

    private void match(
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
        SlotState state = slots.state(slot);
        if (state == SlotState.FREE) {
            wire.count(Stray.UNMATCHED);
            return;
        }
        PendingEcho echo = state == SlotState.SENT ? slots.pending(slot) : null;
        boolean late = false;
        long arrival = KernelClock.UNUSABLE;
        if (echo != null) {
            arrival = wire.clock.nanoTime(stamp, slots.calledNanos(slot), now);
            late = lane.isLate(slot, arrival == KernelClock.UNUSABLE ? now : arrival);
        }
        Verdict verdict = AnswerRules.error(
                state,
                expectedStart(slot, echo),
                slots.earlierToken(slot),
                quote.tokenPresent(),
                quote.token(),
                slots.isDestination(slot, destinationHigh, destinationLow),
                late);
        if (verdict.stray() != null) {
            wire.count(verdict.stray());
        }
        if (echo == null || !verdict.endsRequest()) {
            return;
        }
        RoundTrip roundTrip = lane.measure(slot, echo.request(), arrival, now);
        boolean namesMtu = kind == IcmpErrorKind.FRAGMENTATION_NEEDED || kind == IcmpErrorKind.PACKET_TOO_BIG;
        EchoOutcome.IcmpError error = new EchoOutcome.IcmpError(
                offender.toInetAddress(),
                kind,
                OCTETS[type],
                OCTETS[code],
                namesMtu && mtu > 0 ? OptionalInt.of(mtu) : OptionalInt.empty(),
                Duration.ofNanos(roundTrip.nanos()),
                Duration.ofNanos(roundTrip.uncertaintyNanos()));
        lane.end(slot, SlotState.ENDED, now);
        wire.complete(echo, error);
    }

    /** What the first eight bytes of a quote must be: the token, or the start of an explicit payload; 0 if unknown. */
    private long expectedStart(int slot, @Nullable PendingEcho echo) {
        long token = lane.slots.token(slot);
        EchoPayload payload = echo == null ? null : echo.request().payload();
        return token != 0 || payload == null || payload.size() < EchoPayload.TOKEN_SIZE
                ? token
                : ByteBuffer.wrap(payload.toByteArray()).getLong(0);
    }
}
