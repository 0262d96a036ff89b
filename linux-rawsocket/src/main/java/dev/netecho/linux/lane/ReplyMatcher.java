// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.TimestampSource;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.IpVersion;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;

/**
 * Matches echo replies with what is in flight in a lane.
 *
 * <p>A reply counts only if slot, source address and token (or every byte of a payload without one) are those of the
 * request. What does not count is counted as a stray and harms nobody (SPEC MAT-1 to MAT-4).
 */
final class ReplyMatcher {
    private final Lane lane;
    private final Wire wire;
    private final IpVersion version;
    private final Weighing weighing;

    ReplyMatcher(Lane lane, Wire wire, Weighing weighing) {
        this.lane = lane;
        this.wire = wire;
        this.version = lane.socket.version();
        this.weighing = weighing;
    }

    /** Completes the request that an echo reply answers; its ICMP header begins at an offset of the packet's buffer. */
    void accept(ReceiveBatch packet, int offset, int length, int hopLimit, long now) {
        ByteBuffer buffer = packet.buffer();
        int slot = lane.slotOf(IcmpEcho.identifier(buffer, offset), IcmpEcho.sequence(buffer, offset));
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
        PendingEcho echo = slots.pending(slot);
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
        long arrival = wire.clock.nanoTime(packet.stamp(), slots.calledNanos(slot), now);
        boolean kernel = arrival != KernelClock.UNUSABLE;
        if (lane.isLate(slot, kernel ? arrival : now)) {
            wire.count(Stray.LATE); // SPEC TIM-5: its deadline is past and its timer about to fire
            return;
        }
        RoundTrip roundTrip = lane.measure(slot, request, arrival, now);
        EchoPayload payload = intact
                ? request.payload()
                : EchoPayload.copyOf(buffer, dataOffset, Math.min(dataLength, EchoPayload.MAX_SIZE));
        EchoOutcome.Reply reply = new EchoOutcome.Reply(
                request.destination(),
                roundTrip.nanos(),
                roundTrip.uncertaintyNanos(),
                kernel ? TimestampSource.KERNEL : TimestampSource.PROCESS,
                hopLimit < 0 || hopLimit > 255 ? -1 : hopLimit, // SPEC OUT-3
                payload,
                intact);
        if (intact) {
            weighing.asAsked(dataLength);
        }
        // SPEC ERR-4: what comes after the first is a duplicate.
        lane.end(slot, SlotTable.ANSWERED, now);
        wire.complete(echo, reply);
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
}
