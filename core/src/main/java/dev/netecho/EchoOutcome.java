// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * What became of one request: exactly one of {@link Reply}, {@link IcmpError}, {@link TimedOut} and {@link NotSent}.
 *
 * <p>A result from the network is a value, never an exception (SPEC OUT-2). Further types may be added in a minor
 * version; code that switches over them needs a default branch. All outcomes are immutable and thread-safe.
 */
public sealed interface EchoOutcome {
    /** {@return whether the destination itself answered this very request} */
    default boolean isReply() {
        return this instanceof Reply;
    }

    /**
     * The destination answered: identifier, sequence number, source address and token (or the whole explicit payload)
     * are those of the request.
     *
     * <p>Replies are frequent, so this is a class, not a record: it takes one 32-byte object instead of three.
     */
    final class Reply implements EchoOutcome {
        private static final int NO_HOP_LIMIT = -1;
        private static final int MOST_HOPS = 255;
        private static final TimestampSource[] SOURCES = TimestampSource.values();
        private static final OptionalInt[] HOP_LIMITS = new OptionalInt[MOST_HOPS + 1];

        static {
            for (int i = 0; i < HOP_LIMITS.length; i++) {
                HOP_LIMITS[i] = OptionalInt.of(i);
            }
        }

        private final long roundTripNanos;
        private final InetAddress responder;
        private final EchoPayload payload;

        // Hop limit, source and uncertainty share four bytes: one more would make the object eight bytes larger.
        private final byte hopLimit;
        private final byte details;
        private final short uncertainty;

        private static final int SOURCE_MASK = 0x0f;
        private static final int INTACT = 0x10;
        private static final int HAS_HOP_LIMIT = 0x20;

        /**
         * Constructs a reply.
         *
         * @param responder see {@link #responder}
         * @param roundTripTime see {@link #roundTripTime}
         * @param roundTripUncertainty see {@link #roundTripUncertainty}
         * @param timestampSource see {@link #timestampSource}
         * @param hopLimit see {@link #hopLimit}
         * @param payload see {@link #payload}
         * @param payloadIntact see {@link #payloadIntact}
         * @throws IllegalArgumentException if the uncertainty is negative, or the hop limit not 0 to 255
         */
        public Reply(
                InetAddress responder,
                Duration roundTripTime,
                Duration roundTripUncertainty,
                TimestampSource timestampSource,
                OptionalInt hopLimit,
                EchoPayload payload,
                boolean payloadIntact) {
            this(
                    responder,
                    Objects.requireNonNull(roundTripTime, "roundTripTime").toNanos(),
                    Objects.requireNonNull(roundTripUncertainty, "roundTripUncertainty")
                            .toNanos(),
                    timestampSource,
                    Objects.requireNonNull(hopLimit, "hopLimit").orElse(NO_HOP_LIMIT),
                    payload,
                    payloadIntact);
            if (hopLimit.isPresent() && hopLimit.getAsInt() < 0) {
                throw new IllegalArgumentException("the hop limit is " + hopLimit.getAsInt() + "; it must be 0 to 255");
            }
        }

        /**
         * Constructs a reply out of plain numbers, for backends.
         *
         * @param responder see {@link #responder}
         * @param roundTripNanos {@link #roundTripTime} in nanoseconds
         * @param uncertaintyNanos {@link #roundTripUncertainty} in nanoseconds
         * @param timestampSource see {@link #timestampSource}
         * @param hopLimit see {@link #hopLimit}; -1 where the system hides it
         * @param payload see {@link #payload}
         * @param payloadIntact see {@link #payloadIntact}
         * @throws IllegalArgumentException if the uncertainty is negative, or the hop limit not -1 to 255
         */
        @SuppressWarnings("EnumOrdinal") // it does not leave this object
        public Reply(
                InetAddress responder,
                long roundTripNanos,
                long uncertaintyNanos,
                TimestampSource timestampSource,
                int hopLimit,
                EchoPayload payload,
                boolean payloadIntact) {
            if (hopLimit < NO_HOP_LIMIT || hopLimit > MOST_HOPS) {
                throw new IllegalArgumentException("the hop limit is " + hopLimit + "; it must be 0 to 255");
            }
            if (uncertaintyNanos < 0) {
                throw new IllegalArgumentException(
                        "the uncertainty is " + uncertaintyNanos + " ns; it must not be negative");
            }
            this.responder = Objects.requireNonNull(responder, "responder");
            this.roundTripNanos = roundTripNanos;
            this.uncertainty = (short) RoundedNanos.up(uncertaintyNanos);
            this.hopLimit = (byte) hopLimit;
            this.details = (byte)
                    (Objects.requireNonNull(timestampSource, "timestampSource").ordinal()
                            | (payloadIntact ? INTACT : 0)
                            | (hopLimit == NO_HOP_LIMIT ? 0 : HAS_HOP_LIMIT));
            this.payload = Objects.requireNonNull(payload, "payload");
        }

        /** {@return who answered: the destination} */
        public InetAddress responder() {
            return responder;
        }

        /**
         * {@return from the departure of the request to the arrival of the reply; always more than zero (SPEC TIM-3)}
         */
        public Duration roundTripTime() {
            return Duration.ofNanos(roundTripNanos);
        }

        /**
         * {@return how far the true round-trip time may be from {@link #roundTripTime}, to either side}
         *
         * <p>It is what the two clock readings leave open, not a statistical error. For example, a thread that loses
         * its processor while it sends many requests cannot tell when each of them left. Zero or more; kept with a
         * precision of 0.2 %, and rounded up.
         */
        public Duration roundTripUncertainty() {
            return Duration.ofNanos(RoundedNanos.value(uncertainty));
        }

        /** {@return which clock saw the arrival} */
        public TimestampSource timestampSource() {
            return SOURCES[details & SOURCE_MASK];
        }

        /** {@return the hop limit (IPv4: TTL) the reply arrived with; empty where the system hides it} */
        public OptionalInt hopLimit() {
            return (details & HAS_HOP_LIMIT) == 0 ? OptionalInt.empty() : HOP_LIMITS[Byte.toUnsignedInt(hopLimit)];
        }

        /** {@return the data that came back; if it is intact, the request's own payload} */
        public EchoPayload payload() {
            return payload;
        }

        /** {@return whether the data came back byte for byte} */
        public boolean payloadIntact() {
            return (details & INTACT) != 0;
        }

        @Override
        public boolean equals(@Nullable Object other) {
            return other instanceof Reply reply
                    && responder.equals(reply.responder)
                    && roundTripNanos == reply.roundTripNanos
                    && uncertainty == reply.uncertainty
                    && details == reply.details
                    && hopLimit == reply.hopLimit
                    && payload.equals(reply.payload);
        }

        @Override
        public int hashCode() {
            return Objects.hash(responder, roundTripNanos, uncertainty, details, hopLimit, payload);
        }

        @Override
        public String toString() {
            return "Reply[responder=" + responder + ", roundTripTime=" + roundTripTime()
                    + ", roundTripUncertainty=" + roundTripUncertainty() + ", timestampSource=" + timestampSource()
                    + ", hopLimit=" + hopLimit() + ", payload=" + payload + ", payloadIntact=" + payloadIntact() + "]";
        }
    }

    /**
     * A router or host answered with an ICMP error that quotes this very request (RFC 792, RFC 4443).
     *
     * <p>ICMP errors are best effort everywhere: routers limit their rate, so an unreachable host gives its error or a
     * {@link TimedOut} (SPEC ERR-5).
     *
     * @param responder who sent the error; this host's own address when it gave up resolving a neighbour
     * @param kind what it means
     * @param type the raw ICMP type; empty where the system hides it
     * @param code the raw ICMP code; empty where the system hides it
     * @param nextHopMtu the MTU in bytes that a {@link IcmpErrorKind#FRAGMENTATION_NEEDED} or
     *     {@link IcmpErrorKind#PACKET_TOO_BIG} named; empty where it named none, or more than an int holds, or the
     *     system hides it
     * @param roundTripTime from the departure of the request to the arrival of the error; always more than zero (SPEC
     *     TIM-3)
     * @param roundTripUncertainty how far the true time may be from {@code roundTripTime}, to either side; zero or more
     * @param extensions what the router added, such as MPLS labels (RFC 4884); empty where it added nothing, what it
     *     added is damaged, or the system hides it ({@link EchoCapability#ERROR_EXTENSIONS})
     */
    record IcmpError(
            InetAddress responder,
            IcmpErrorKind kind,
            OptionalInt type,
            OptionalInt code,
            OptionalInt nextHopMtu,
            Duration roundTripTime,
            Duration roundTripUncertainty,
            List<IcmpExtension> extensions)
            implements EchoOutcome {
        /** Copies the list, checks for null, and that the uncertainty is not negative. */
        public IcmpError {
            Objects.requireNonNull(responder, "responder");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(nextHopMtu, "nextHopMtu");
            Objects.requireNonNull(roundTripTime, "roundTripTime");
            Objects.requireNonNull(roundTripUncertainty, "roundTripUncertainty");
            if (roundTripUncertainty.isNegative()) {
                throw new IllegalArgumentException(
                        "the uncertainty is " + roundTripUncertainty + "; it must not be negative");
            }
            extensions = List.copyOf(extensions);
        }

        /**
         * Constructs an error without extensions.
         *
         * @param responder see {@link #responder}
         * @param kind see {@link #kind}
         * @param type see {@link #type}
         * @param code see {@link #code}
         * @param nextHopMtu see {@link #nextHopMtu}
         * @param roundTripTime see {@link #roundTripTime}
         * @param roundTripUncertainty see {@link #roundTripUncertainty}
         */
        public IcmpError(
                InetAddress responder,
                IcmpErrorKind kind,
                OptionalInt type,
                OptionalInt code,
                OptionalInt nextHopMtu,
                Duration roundTripTime,
                Duration roundTripUncertainty) {
            this(responder, kind, type, code, nextHopMtu, roundTripTime, roundTripUncertainty, List.of());
        }
    }

    /**
     * Nothing that counts arrived in time.
     *
     * @param waited the time since the request was handed to the system; at least the timeout
     * @param localDropsSuspected whether this host dropped packets while the request was in flight, received or
     *     outgoing, or could not read its drop counter: the silence may be this host's fault
     */
    record TimedOut(Duration waited, boolean localDropsSuspected) implements EchoOutcome {
        /** Checks for null. */
        public TimedOut {
            Objects.requireNonNull(waited, "waited");
        }
    }

    /**
     * The network gave no verdict: the request was refused on this host, cancelled or closed.
     *
     * @param reason why
     * @param detail a sentence for an operator
     * @param osError the system's error number ({@code errno}, Win32 error); empty if the system had no part in it
     */
    record NotSent(NotSentReason reason, String detail, OptionalInt osError) implements EchoOutcome {
        /** Checks for null. */
        public NotSent {
            Objects.requireNonNull(reason, "reason");
            Objects.requireNonNull(detail, "detail");
            Objects.requireNonNull(osError, "osError");
        }

        /**
         * {@return an outcome in which the system had no part}
         *
         * @param reason why
         * @param detail a sentence for an operator
         */
        public static NotSent because(NotSentReason reason, String detail) {
            return new NotSent(reason, detail, OptionalInt.empty());
        }
    }
}
