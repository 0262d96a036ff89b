// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.TimestampSource;
import dev.netecho.backend.AnswerFacts;
import dev.netecho.backend.AnswerRules;
import dev.netecho.backend.SlotState;
import dev.netecho.backend.Verdict;
import dev.netecho.packet.DefaultPayload;
import dev.netecho.packet.IcmpEcho;
import dev.netecho.packet.IcmpExtensions;
import dev.netecho.packet.IcmpTypes;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.Ipv4Header;
import dev.netecho.packet.Ipv6Header;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.Stray;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Finds the request that a packet ends, and counts the others as strays: what they are counted as, SPEC.md decides
 * under Verdicts. It changes no slot.
 */
final class Matcher {
    /** The resolution of the simulated clock, which is the same for everyone. */
    private static final Duration RESOLUTION = Duration.ofNanos(1);

    private static final int V4_FRAGMENT_OFFSET = 6;
    private static final int V4_FRAGMENT = 0x3fff; // more fragments, or an offset

    private final Slots slots;
    private final EchoCounters counters;
    private final QuotedEcho quote = new QuotedEcho();
    private final AnswerFacts facts = new AnswerFacts();
    private byte[] addressee = {};

    Matcher(Slots slots, EchoCounters counters) {
        this.slots = slots;
        this.counters = counters;
    }

    /**
     * A request that a packet ends.
     *
     * @param slot its slot
     * @param state what becomes of the slot
     * @param outcome its outcome
     */
    record End(Slot slot, SlotState state, EchoOutcome outcome) {}

    /** {@return the request that the packet ends, or null if it ends none} */
    @Nullable
    End accept(byte[] packet, long arrival) {
        ByteBuffer view = ByteBuffer.wrap(packet);
        int header = Ipv4Header.headerLength(view, 0, packet.length);
        boolean four = header != 0;
        if (!four) {
            header = Ipv6Header.headerLength(view, 0, packet.length);
        }
        IpVersion version = four ? IpVersion.V4 : IpVersion.V6;
        if (header == 0
                || !isWholeIcmp(view, version, packet.length)
                || !isChecksumValid(view, four, header, packet.length - header)) {
            return stray();
        }
        byte[] source = Arrays.copyOfRange(packet, four ? 12 : 8, four ? 16 : 24);
        addressee = Arrays.copyOfRange(packet, four ? 16 : 24, four ? 20 : 40);
        int hopLimit = four ? Ipv4Header.timeToLive(view, 0) : Ipv6Header.hopLimit(view, 0);
        int length = packet.length - header;
        if (IcmpEcho.isReply(view, header, length, version)) {
            return acceptReply(view, header, length, source, hopLimit, arrival);
        }
        return quote.decodeError(view, header, length, version)
                ? acceptError(view, header, length, version, source, arrival)
                : stray();
    }

    /** {@return whether an IP header says that a whole ICMP message follows in a packet of this length} */
    private static boolean isWholeIcmp(ByteBuffer view, IpVersion version, int length) {
        return version == IpVersion.V4
                ? Ipv4Header.protocol(view, 0) == version.icmpProtocol()
                        && Ipv4Header.totalLength(view, 0) == length
                        && (view.getShort(V4_FRAGMENT_OFFSET) & V4_FRAGMENT) == 0
                : Ipv6Header.nextHeader(view, 0) == version.icmpProtocol()
                        && Ipv6Header.LENGTH + Ipv6Header.payloadLength(view, 0) == length;
    }

    private static boolean isChecksumValid(ByteBuffer view, boolean four, int header, int length) {
        return four
                ? InternetChecksum.isValid(view, header, length)
                : InternetChecksum.ofIcmpv6(view, 0, header, length) == 0;
    }

    private @Nullable End acceptReply(
            ByteBuffer view, int offset, int length, byte[] source, int hopLimit, long arrival) {
        Slot slot = slots.find(IcmpEcho.identifier(view, offset), IcmpEcho.sequence(view, offset));
        if (slot == null || !slot.isSource(addressee)) {
            return stray();
        }
        int data = offset + IcmpEcho.HEADER_LENGTH;
        int dataLength = length - IcmpEcho.HEADER_LENGTH;
        boolean intact = slot.request.payload().matches(view, data, dataLength);
        facts.of(slot.state)
                .expectedToken(slot.token())
                .earlierToken(slot.earlierToken)
                .matchesDestination(slot.isDestination(source))
                .intact(intact)
                .late(isLate(slot, arrival));
        if (dataLength >= EchoPayload.TOKEN_SIZE) {
            facts.token(DefaultPayload.token(view, data));
        }
        if (!ends(AnswerRules.reply(facts))) {
            return null;
        }
        EchoRequest request = slot.request;
        EchoPayload payload =
                intact ? request.payload() : EchoPayload.copyOf(view, data, Math.min(dataLength, EchoPayload.MAX_SIZE));
        return new End(
                slot,
                SlotState.ANSWERED,
                new EchoOutcome.Reply(
                        request.destination(),
                        roundTrip(slot, arrival),
                        RESOLUTION,
                        TimestampSource.KERNEL,
                        OptionalInt.of(hopLimit),
                        payload,
                        intact));
    }

    /** SPEC TIM-5; a packet that is exactly in time counts. */
    private static boolean isLate(Slot slot, long arrival) {
        return arrival - slot.sentNanos > slot.request.timeoutNanos();
    }

    /** SPEC TIM-3: a host that answers at once still takes some time, less than the simulated clock shows. */
    private static Duration roundTrip(Slot slot, long arrival) {
        return Duration.ofNanos(Math.max(1, arrival - slot.sentNanos));
    }

    private @Nullable End acceptError(
            ByteBuffer view, int offset, int length, IpVersion version, byte[] source, long arrival) {
        int type = quote.type();
        int code = quote.code();
        IcmpErrorKind kind =
                version == IpVersion.V4 ? IcmpErrorKind.ofIcmpv4(type, code) : IcmpErrorKind.ofIcmpv6(type, code);
        if (isNoFailure(version, type, kind)) {
            return null;
        }
        Slot slot = slots.find(quote.identifier(), quote.sequence());
        if (slot == null || !slot.isSource(addressee)) {
            return stray();
        }
        facts.of(slot.state)
                .expectedToken(slot.start)
                .earlierToken(slot.earlierToken)
                .matchesDestination(isToDestination(slot, version))
                .late(isLate(slot, arrival));
        if (quote.tokenPresent()) {
            facts.token(quote.token());
        }
        if (!ends(AnswerRules.error(facts))) {
            return null;
        }
        boolean namesMtu = kind == IcmpErrorKind.FRAGMENTATION_NEEDED || kind == IcmpErrorKind.PACKET_TOO_BIG;
        int mtu = namesMtu ? quote.nextHopMtu() : 0;
        return new End(
                slot,
                SlotState.ENDED,
                new EchoOutcome.IcmpError(
                        address(source),
                        kind,
                        OptionalInt.of(quote.type()),
                        OptionalInt.of(quote.code()),
                        mtu > 0 ? OptionalInt.of(mtu) : OptionalInt.empty(),
                        roundTrip(slot, arrival),
                        RESOLUTION,
                        IcmpExtensions.ofError(view, offset, length, version)));
    }

    /**
     * SPEC ERR-2: neither a redirect nor a source quench ends a request; the answer still comes (RFC 792, RFC 6633).
     */
    private static boolean isNoFailure(IpVersion version, int type, IcmpErrorKind kind) {
        return IcmpTypes.isRedirect(version, type) || kind == IcmpErrorKind.SOURCE_QUENCH;
    }

    /** {@return whether the quoted packet went to the destination} */
    private boolean isToDestination(Slot slot, IpVersion version) {
        ByteBuffer destination = ByteBuffer.allocate(version == IpVersion.V4 ? Integer.BYTES : 2 * Long.BYTES);
        if (version == IpVersion.V4) {
            destination.putInt(quote.ipv4Destination());
        } else {
            destination.putLong(quote.ipv6DestinationHigh()).putLong(quote.ipv6DestinationLow());
        }
        return slot.isDestination(destination.array());
    }

    /** {@return whether the packet ends its request; counts it if it is a stray} */
    private boolean ends(Verdict verdict) {
        Stray stray = verdict.stray();
        if (stray != null) {
            counters.count(stray);
        }
        return verdict.endsRequest();
    }

    private @Nullable End stray() {
        counters.count(Stray.UNMATCHED);
        return null;
    }

    static InetAddress address(byte[] bytes) {
        try {
            return InetAddress.getByAddress(bytes);
        } catch (UnknownHostException e) {
            throw new IllegalStateException("an address has 4 or 16 bytes, not " + bytes.length, e);
        }
    }
}
