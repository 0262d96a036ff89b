// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** The counters of one requester. Thread-safe. Its engine sees what {@link EchoCounters} shows of them. */
final class RequesterCounters implements EchoCounters {
    /** Loaded here, because loading needs memory: if it failed in {@link #completed}, the outcome would be lost. */
    @SuppressWarnings("UnusedVariable") // to name them is enough
    private static final List<Class<? extends EchoOutcome>> LOADED = List.of(
            EchoOutcome.Reply.class,
            EchoOutcome.TimedOut.class,
            EchoOutcome.IcmpError.class,
            EchoOutcome.NotSent.class);

    private final String requester;
    private final Tally sent = new Tally();
    private final Tally replies = new Tally();
    private final Map<IcmpErrorKind, Tally> icmpErrors = new EnumMap<>(IcmpErrorKind.class);
    private final Tally timedOut = new Tally();
    private final Map<NotSentReason, AtomicLong> notSent = new EnumMap<>(NotSentReason.class);
    private final AtomicLong abandoned = new AtomicLong();
    private final LongAdder pacedNanos = new LongAdder();
    private final QueueWatch queue = new QueueWatch();
    private final Map<Stray, LongAdder> strays = new EnumMap<>(Stray.class);
    private volatile Set<Stray> observed = Set.of();

    /** Constructs counters at zero that observe no stray packets; {@code requester} is its name. */
    RequesterCounters(String requester) {
        this.requester = requester;
        for (IcmpErrorKind kind : IcmpErrorKind.values()) {
            icmpErrors.put(kind, new Tally());
        }
        for (NotSentReason reason : NotSentReason.values()) {
            notSent.put(reason, new AtomicLong());
        }
        for (Stray stray : Stray.values()) {
            strays.put(stray, new LongAdder());
        }
    }

    @Override
    public void observe(Stray... visible) {
        observed = Set.of(visible);
    }

    @Override
    public void count(Stray stray, long number) {
        counter(stray).add(number);
        if (stray == Stray.DROPPED_LOCALLY) {
            FlightEvents.dropped(requester, number);
        }
    }

    /** Says that a request begins to wait for the system. */
    void queued(PendingEcho echo) {
        queue.accepted(echo);
    }

    /** Says that a request no longer waits: it is with the system, or has its outcome. */
    void left(PendingEcho echo) {
        queue.left(echo);
    }

    @Override
    public void held(long nanos) {
        FlightEvents.held(requester, nanos);
    }

    @Override
    public void paced(long nanos) {
        pacedNanos.add(nanos);
    }

    /** Counts a request handed to the system. */
    void sent() {
        sent.increment();
    }

    /**
     * Counts an outcome.
     *
     * @param outcome the outcome
     * @param wasSent whether the request had been sent
     */
    void completed(EchoOutcome outcome, boolean wasSent) {
        if (outcome instanceof EchoOutcome.Reply) {
            replies.increment();
        } else if (outcome instanceof EchoOutcome.TimedOut) {
            timedOut.increment();
        } else if (outcome instanceof EchoOutcome.IcmpError error) {
            counter(error.kind()).increment();
        } else if (outcome instanceof EchoOutcome.NotSent ended) {
            counter(ended.reason()).getAndIncrement();
            if (wasSent) {
                abandoned.getAndIncrement();
            }
        }
    }

    /**
     * {@return the values now}
     *
     * @param outstanding requests accepted and not completed
     */
    EchoStatistics snapshot(long outstanding) {
        // Each is read once, and what was sent last. A request that another thread ends while it is being sent is
        // counted as ended first: it was sent all the same. So the sum holds whatever is counted in between (SPEC
        // OUT-6). What was abandoned is read before the reasons, which are counted before it: it never exceeds them.
        long replied = replies.sum();
        long failed = 0;
        EchoStatistics.Builder all = EchoStatistics.newBuilder();
        for (Map.Entry<IcmpErrorKind, Tally> kind : icmpErrors.entrySet()) {
            long errors = kind.getValue().sum();
            all.icmpErrors(kind.getKey(), errors);
            failed += errors;
        }
        long silent = timedOut.sum();
        long gone = abandoned.get();
        long ended = replied + failed + silent + gone;
        long handedOver = Math.max(sent.sum(), ended);
        long inFlight = handedOver - ended;
        notSent.forEach((reason, count) -> all.notSent(reason, count.get()));
        return all.sent(handedOver)
                .replies(replied)
                .timedOut(silent)
                .abandoned(gone)
                .inFlight(inFlight)
                .queued(Math.max(0, outstanding - inFlight))
                .queueTime(queue.time())
                .paceTime(Duration.ofNanos(pacedNanos.sum()))
                .duplicates(value(Stray.DUPLICATE))
                .late(value(Stray.LATE))
                .altered(value(Stray.ALTERED))
                .wrongSource(value(Stray.WRONG_SOURCE))
                .unmatched(value(Stray.UNMATCHED))
                .droppedLocally(value(Stray.DROPPED_LOCALLY))
                .build();
    }

    private OptionalLong value(Stray stray) {
        return observed.contains(stray) ? OptionalLong.of(counter(stray).sum()) : OptionalLong.empty();
    }

    // All were put by the constructor, none is removed.

    private Tally counter(IcmpErrorKind kind) {
        return Objects.requireNonNull(icmpErrors.get(kind));
    }

    private AtomicLong counter(NotSentReason reason) {
        return Objects.requireNonNull(notSent.get(reason));
    }

    private LongAdder counter(Stray stray) {
        return Objects.requireNonNull(strays.get(stray));
    }
}
