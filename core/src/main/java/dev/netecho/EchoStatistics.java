// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.time.Duration;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;

/**
 * What a requester has counted since it was opened: a snapshot, immutable. Two with the same values are equal.
 *
 * <p>{@code sent = replies + icmpErrors + timedOut + abandoned + inFlight} in every snapshot. {@code icmpErrors} is the
 * sum over its kinds, and {@code notSent} the sum over its reasons. The other values may be a few requests apart while
 * requests complete. A counter that the system hides is empty, not zero.
 */
public final class EchoStatistics {
    private final long sent;
    private final long replies;
    private final long icmpErrors;
    private final Map<IcmpErrorKind, Long> icmpErrorKinds;
    private final long timedOut;
    private final long notSent;
    private final Map<NotSentReason, Long> notSentReasons;
    private final long abandoned;
    private final long inFlight;
    private final long queued;
    private final Duration queueTime;
    private final Duration paceTime;
    private final OptionalLong duplicates;
    private final OptionalLong late;
    private final OptionalLong altered;
    private final OptionalLong wrongSource;
    private final OptionalLong unmatched;
    private final OptionalLong droppedLocally;

    private EchoStatistics(Builder from) {
        sent = from.sent;
        replies = from.replies;
        icmpErrorKinds = new EnumMap<>(from.icmpErrorKinds);
        icmpErrors = sum(icmpErrorKinds);
        timedOut = from.timedOut;
        notSentReasons = new EnumMap<>(from.notSentReasons);
        notSent = sum(notSentReasons);
        abandoned = from.abandoned;
        inFlight = from.inFlight;
        queued = from.queued;
        queueTime = from.queueTime;
        paceTime = from.paceTime;
        duplicates = from.duplicates;
        late = from.late;
        altered = from.altered;
        wrongSource = from.wrongSource;
        unmatched = from.unmatched;
        droppedLocally = from.droppedLocally;
    }

    private static long sum(Map<?, Long> parts) {
        return parts.values().stream().mapToLong(Long::longValue).sum();
    }

    /** {@return a builder of statistics whose counts are zero and whose optional counters are empty} */
    public static Builder newBuilder() {
        return new Builder();
    }

    /** {@return requests handed to the operating system} */
    public long sent() {
        return sent;
    }

    /** {@return {@link EchoOutcome.Reply} outcomes} */
    public long replies() {
        return replies;
    }

    /** {@return {@link EchoOutcome.IcmpError} outcomes, all kinds} */
    public long icmpErrors() {
        return icmpErrors;
    }

    /**
     * {@return those of {@link #icmpErrors()} that are of this kind; over all kinds they add up to it}
     *
     * @param kind the kind
     */
    public long icmpErrors(IcmpErrorKind kind) {
        return icmpErrorKinds.getOrDefault(Objects.requireNonNull(kind, "kind"), 0L);
    }

    /** {@return {@link EchoOutcome.TimedOut} outcomes} */
    public long timedOut() {
        return timedOut;
    }

    /** {@return {@link EchoOutcome.NotSent} outcomes, all reasons} */
    public long notSent() {
        return notSent;
    }

    /**
     * {@return those of {@link #notSent()} that have this reason; over all reasons they add up to it}
     *
     * @param reason the reason
     */
    public long notSent(NotSentReason reason) {
        return notSentReasons.getOrDefault(Objects.requireNonNull(reason, "reason"), 0L);
    }

    /**
     * {@return those of {@link #notSent()} that had been sent before they were cancelled or the requester was closed}
     */
    public long abandoned() {
        return abandoned;
    }

    /** {@return requests handed to the system and not completed} */
    public long inFlight() {
        return inFlight;
    }

    /** {@return requests accepted and not yet handed to the system} */
    public long queued() {
        return queued;
    }

    /**
     * {@return how long a recent request waited to be handed to the system, for whatever reason; or how long one has
     * waited by now, if that is longer. Part of neither timeout nor round trip (SPEC TIM-1)}
     */
    public Duration queueTime() {
        return queueTime;
    }

    /** {@return for how long in total sending paused for {@link EchoRequester.Builder#maxRate} alone} */
    public Duration paceTime() {
        return paceTime;
    }

    /** {@return further replies to a request that had its reply} */
    public OptionalLong duplicates() {
        return duplicates;
    }

    /** {@return answers that came after the request had ended without one} */
    public OptionalLong late() {
        return late;
    }

    /** {@return answers whose data was not what was sent} */
    public OptionalLong altered() {
        return altered;
    }

    /** {@return answers to a live request from an address that was not asked} */
    public OptionalLong wrongSource() {
        return wrongSource;
    }

    /** {@return packets that belong to no request: forged, malformed or another program's} */
    public OptionalLong unmatched() {
        return unmatched;
    }

    /** {@return packets the kernel dropped because the requester's receive buffer was full} */
    public OptionalLong droppedLocally() {
        return droppedLocally;
    }

    private Map<String, Object> values() {
        Map<String, Object> values = new LinkedHashMap<>();
        values.put("sent", sent);
        values.put("replies", replies);
        values.put("icmpErrors", icmpErrors);
        values.put("icmpErrorKinds", icmpErrorKinds);
        values.put("timedOut", timedOut);
        values.put("notSent", notSent);
        values.put("notSentReasons", notSentReasons);
        values.put("abandoned", abandoned);
        values.put("inFlight", inFlight);
        values.put("queued", queued);
        values.put("queueTime", queueTime);
        values.put("paceTime", paceTime);
        values.put("duplicates", duplicates);
        values.put("late", late);
        values.put("altered", altered);
        values.put("wrongSource", wrongSource);
        values.put("unmatched", unmatched);
        values.put("droppedLocally", droppedLocally);
        return values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof EchoStatistics statistics && values().equals(statistics.values());
    }

    @Override
    public int hashCode() {
        return values().hashCode();
    }

    @Override
    public String toString() {
        return "EchoStatistics" + values();
    }

    /** Names each value that it is given. Not thread-safe. */
    public static final class Builder {
        private long sent;
        private long replies;
        private final Map<IcmpErrorKind, Long> icmpErrorKinds = new EnumMap<>(IcmpErrorKind.class);
        private long timedOut;
        private final Map<NotSentReason, Long> notSentReasons = new EnumMap<>(NotSentReason.class);
        private long abandoned;
        private long inFlight;
        private long queued;
        private Duration queueTime = Duration.ZERO;
        private Duration paceTime = Duration.ZERO;
        private OptionalLong duplicates = OptionalLong.empty();
        private OptionalLong late = OptionalLong.empty();
        private OptionalLong altered = OptionalLong.empty();
        private OptionalLong wrongSource = OptionalLong.empty();
        private OptionalLong unmatched = OptionalLong.empty();
        private OptionalLong droppedLocally = OptionalLong.empty();

        private Builder() {}

        /** {@return this, with another {@link EchoStatistics#sent}} */
        public Builder sent(long value) {
            sent = value;
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#replies}} */
        public Builder replies(long value) {
            replies = value;
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#icmpErrors(IcmpErrorKind)}} */
        public Builder icmpErrors(IcmpErrorKind kind, long value) {
            put(icmpErrorKinds, Objects.requireNonNull(kind, "kind"), value);
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#timedOut}} */
        public Builder timedOut(long value) {
            timedOut = value;
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#notSent(NotSentReason)}} */
        public Builder notSent(NotSentReason reason, long value) {
            put(notSentReasons, Objects.requireNonNull(reason, "reason"), value);
            return this;
        }

        /** Zero is not kept: whether it was given makes no difference to {@link EchoStatistics#equals}. */
        private static <K> void put(Map<K, Long> parts, K part, long value) {
            if (value == 0) {
                parts.remove(part);
            } else {
                parts.put(part, value);
            }
        }

        /** {@return this, with another {@link EchoStatistics#abandoned}} */
        public Builder abandoned(long value) {
            abandoned = value;
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#inFlight}} */
        public Builder inFlight(long value) {
            inFlight = value;
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#queued}} */
        public Builder queued(long value) {
            queued = value;
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#queueTime}} */
        public Builder queueTime(Duration value) {
            queueTime = Objects.requireNonNull(value, "queueTime");
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#paceTime}} */
        public Builder paceTime(Duration value) {
            paceTime = Objects.requireNonNull(value, "paceTime");
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#duplicates}} */
        public Builder duplicates(OptionalLong value) {
            duplicates = Objects.requireNonNull(value, "duplicates");
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#late}} */
        public Builder late(OptionalLong value) {
            late = Objects.requireNonNull(value, "late");
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#altered}} */
        public Builder altered(OptionalLong value) {
            altered = Objects.requireNonNull(value, "altered");
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#wrongSource}} */
        public Builder wrongSource(OptionalLong value) {
            wrongSource = Objects.requireNonNull(value, "wrongSource");
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#unmatched}} */
        public Builder unmatched(OptionalLong value) {
            unmatched = Objects.requireNonNull(value, "unmatched");
            return this;
        }

        /** {@return this, with another {@link EchoStatistics#droppedLocally}} */
        public Builder droppedLocally(OptionalLong value) {
            droppedLocally = Objects.requireNonNull(value, "droppedLocally");
            return this;
        }

        /** {@return the statistics} */
        public EchoStatistics build() {
            return new EchoStatistics(this);
        }
    }
}
