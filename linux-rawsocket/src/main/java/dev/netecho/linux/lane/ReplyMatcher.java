// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IpVersion;
import dev.netecho.TimestampSource;
import dev.netecho.engine.AnswerRules;
import dev.netecho.engine.RoundTrip;
import dev.netecho.engine.SlotState;
import dev.netecho.engine.SlotTable;
import dev.netecho.engine.Verdict;
import dev.netecho.linux.socket.KernelClock;
import dev.netecho.linux.socket.ReceiveBatch;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.nio.ByteBuffer;

/** Gathers the facts about echo replies for {@link AnswerRules}, and does what those decide. */
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
        SlotTable slots = lane.slots;
        SlotState state = slots.state(slot);
        if (state == SlotState.FREE) {
            wire.count(Stray.UNMATCHED);
            return;
        }
        PendingEcho echo = state == SlotState.SENT ? slots.pending(slot) : null;
        boolean intact = false;
        boolean late = false;
        long arrival = KernelClock.UNUSABLE;
        if (echo != null) {
            intact = !packet.isTruncated() && echo.request().payload().matches(buffer, dataOffset, dataLength);
            arrival = wire.clock.nanoTime(packet.stamp(), slots.calledNanos(slot), now);
            late = lane.isLate(slot, arrival == KernelClock.UNUSABLE ? now : arrival);
        }
        Verdict verdict = AnswerRules.reply(
                state,
                slots.token(slot),
                slots.earlierToken(slot),
                dataLength >= DefaultPayload.TOKEN_LENGTH ? DefaultPayload.token(buffer, dataOffset) : 0,
                slots.isDestination(slot, packet.sourceHigh(version), packet.sourceLow(version)),
                intact,
                late);
        if (verdict.stray() != null) {
            wire.count(verdict.stray());
        }
        if (echo == null || !verdict.endsRequest()) {
            return;
        }
        EchoRequest request = echo.request();
        RoundTrip roundTrip = lane.measure(slot, request, arrival, now);
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
            weighing.asAsked(dataLength);
        }
        // SPEC ERR-4: what comes after the first is a duplicate.
        lane.end(slot, SlotState.ANSWERED, now);
        wire.complete(echo, reply);
    }
}
