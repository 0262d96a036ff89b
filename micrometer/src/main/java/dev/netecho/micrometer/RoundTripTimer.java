// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * A timer of round trips, {@code netecho.round.trip}, with the tags {@code requester} and {@code outcome}:
 * {@code reply} or {@code icmp_error}. Outcomes without a round trip are not recorded. Thread-safe.
 *
 * <p>It has no tag for the destination: a registry keeps each combination of tags for good. Percentiles and histograms
 * are configured in the registry, with a {@code MeterFilter}.
 */
public final class RoundTripTimer implements AutoCloseable {
    private static final String NAME = "netecho.round.trip";

    private final MeterRegistry registry;
    private final Timer replies;
    private final Timer icmpErrors;

    /**
     * Registers the timers.
     *
     * @param registry where
     * @param requester whose round trips it will be told
     */
    public RoundTripTimer(MeterRegistry registry, EchoRequester requester) {
        this(registry, requester, Tags.empty());
    }

    /**
     * Registers the timers with more tags.
     *
     * @param registry where
     * @param requester whose round trips it will be told
     * @param tags more tags for both timers
     */
    public RoundTripTimer(MeterRegistry registry, EchoRequester requester, Iterable<Tag> tags) {
        this.registry = Objects.requireNonNull(registry, "registry");
        Tags all = Tags.of(tags).and(RequesterMeters.REQUESTER, requester.name());
        this.replies = timer(all.and("outcome", "reply"));
        this.icmpErrors = timer(all.and("outcome", "icmp_error"));
    }

    private Timer timer(Tags tags) {
        return Timer.builder(NAME)
                .description("From the departure of a request to the arrival of its answer")
                .tags(tags)
                .register(registry);
    }

    /**
     * {@return a listener that records each round trip, and then calls another}
     *
     * @param listener the other; it is called also if recording throws
     */
    public EchoListener around(EchoListener listener) {
        Objects.requireNonNull(listener, "listener");
        return (request, outcome) -> {
            try {
                record(outcome);
            } finally {
                listener.onOutcome(request, outcome);
            }
        };
    }

    /**
     * Records the round trip of an outcome, if it has one; for callers of {@code send} and users of futures.
     *
     * @param outcome the outcome
     */
    public void record(EchoOutcome outcome) {
        if (outcome instanceof EchoOutcome.Reply reply) {
            replies.record(reply.roundTripTime().toNanos(), TimeUnit.NANOSECONDS);
        } else if (outcome instanceof EchoOutcome.IcmpError error) {
            icmpErrors.record(error.roundTripTime().toNanos(), TimeUnit.NANOSECONDS);
        }
    }

    /** Removes the timers from the registry, also for others that use the same ones. */
    @Override
    public void close() {
        registry.remove(replies);
        registry.remove(icmpErrors);
    }
}
