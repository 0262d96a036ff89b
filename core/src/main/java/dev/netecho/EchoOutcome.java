// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.net.InetAddress;
import java.time.Duration;
import java.util.Objects;
import java.util.OptionalInt;

/**
 * What became of one request: exactly one of {@link Reply}, {@link IcmpError}, {@link TimedOut} and {@link NotSent}.
 *
 * <p>What the network did is a value, never an exception. Further types may be added in a minor version; code that
 * switches over them needs a default branch. All outcomes are immutable and thread-safe.
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
     * @param responder who answered: the destination
     * @param roundTripTime from handing the request to the system to the arrival of the reply; never negative
     * @param timestampSource which clock saw the arrival
     * @param hopLimit the hop limit (IPv4: TTL) the reply arrived with; empty where the system hides it
     * @param payload the data that came back; if it is intact, the request's own payload
     * @param payloadIntact whether the data came back byte for byte
     */
    record Reply(
            InetAddress responder,
            Duration roundTripTime,
            TimestampSource timestampSource,
            OptionalInt hopLimit,
            EchoPayload payload,
            boolean payloadIntact)
            implements EchoOutcome {
        /** Checks for null. */
        public Reply {
            Objects.requireNonNull(responder, "responder");
            Objects.requireNonNull(roundTripTime, "roundTripTime");
            Objects.requireNonNull(timestampSource, "timestampSource");
            Objects.requireNonNull(hopLimit, "hopLimit");
            Objects.requireNonNull(payload, "payload");
        }
    }

    /**
     * A router or host answered with an ICMP error that quotes this very request (RFC 792, RFC 4443).
     *
     * <p>ICMP errors are best effort everywhere: routers limit their rate, so an unreachable host gives its error or a
     * {@link TimedOut}.
     *
     * @param responder who sent the error; this host's own address when it gave up resolving a neighbour
     * @param kind what it means
     * @param type the raw ICMP type; empty where the system hides it
     * @param code the raw ICMP code; empty where the system hides it
     * @param nextHopMtu the MTU in bytes that a {@link IcmpErrorKind#FRAGMENTATION_NEEDED} or {@link
     *     IcmpErrorKind#PACKET_TOO_BIG} named; empty where it named none or the system hides it
     * @param roundTripTime from handing the request to the system to the arrival of the error
     */
    record IcmpError(
            InetAddress responder,
            IcmpErrorKind kind,
            OptionalInt type,
            OptionalInt code,
            OptionalInt nextHopMtu,
            Duration roundTripTime)
            implements EchoOutcome {
        /** Checks for null. */
        public IcmpError {
            Objects.requireNonNull(responder, "responder");
            Objects.requireNonNull(kind, "kind");
            Objects.requireNonNull(type, "type");
            Objects.requireNonNull(code, "code");
            Objects.requireNonNull(nextHopMtu, "nextHopMtu");
            Objects.requireNonNull(roundTripTime, "roundTripTime");
        }
    }

    /**
     * Nothing that counts arrived in time.
     *
     * @param waited how long was waited since the request was handed to the system; at least the timeout
     * @param localDropsSuspected whether this host dropped received packets, or could not read its drop counter, while
     *     the request was out: the silence may be our own
     */
    record TimedOut(Duration waited, boolean localDropsSuspected) implements EchoOutcome {
        /** Checks for null. */
        public TimedOut {
            Objects.requireNonNull(waited, "waited");
        }
    }

    /**
     * There is no verdict of the network: the request was refused here, or given up.
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
