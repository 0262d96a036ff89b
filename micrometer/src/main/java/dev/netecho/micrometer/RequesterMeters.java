// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.List;
import java.util.Locale;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.LongSupplier;
import java.util.function.ToDoubleFunction;

/** Registers the meters of one requester in one registry. docs/metrics.md has the same list. */
final class RequesterMeters {
    static final String REQUESTER = "requester";
    static final String SENT = "netecho.sent";

    private static final String KIND = "kind";
    private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

    private final MeterRegistry registry;
    private final EchoRequester requester;
    private final Tags tags;
    private final List<Meter> registered;
    private final EchoStatistics atFirst;
    private final Snapshots snapshots;
    private int meters;

    /** {@code registered} gets each meter. */
    RequesterMeters(
            MeterRegistry registry, EchoRequester requester, Tags tags, List<Meter> registered, LongSupplier nanoTime) {
        this.registry = registry;
        this.snapshots = new Snapshots(nanoTime);
        this.requester = requester;
        this.tags = tags;
        this.registered = registered;
        this.atFirst = requester.statistics();
    }

    void register() {
        counter(SENT, "Requests handed to the operating system", EchoStatistics::sent);
        counter("netecho.replies", "Requests that ended with a reply", EchoStatistics::replies);
        for (IcmpErrorKind kind : IcmpErrorKind.values()) {
            counter(
                    "netecho.icmp.errors",
                    "Requests that ended with an ICMP error",
                    tags.and(KIND, lowerCase(kind)),
                    now -> now.icmpErrors(kind));
        }
        counter("netecho.timeouts", "Requests that timed out", EchoStatistics::timedOut);
        for (NotSentReason reason : NotSentReason.values()) {
            counter(
                    "netecho.not.sent",
                    "Requests that were refused on this host, cancelled or closed",
                    tags.and("reason", lowerCase(reason)),
                    now -> now.notSent(reason));
        }
        counter(
                "netecho.abandoned",
                "Requests that were sent, and then cancelled or closed; part of netecho.not.sent",
                EchoStatistics::abandoned);
        gauge("netecho.in.flight", "Requests handed to the system and not completed", EchoStatistics::inFlight);
        gauge("netecho.queued", "Requests accepted and not handed to the system", EchoStatistics::queued);
        times();
        strays();
    }

    private void times() {
        // No TimeGauge: the bridge to OpenTelemetry does not remove one, and goes on with the last value.
        ToDoubleFunction<EchoRequester> queueTime =
                reading(now -> now.queueTime().toNanos() / NANOS_PER_SECOND);
        registered.add(Gauge.builder("netecho.queue.time", requester, queueTime)
                .description("How long a recent request waited to be handed to the system")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry));
        ToDoubleFunction<EchoRequester> paceTime = reading(now -> now.paceTime().toNanos() / NANOS_PER_SECOND);
        registered.add(FunctionCounter.builder("netecho.pace.time", requester, paceTime)
                .description("For how long sending paused because of maxRate")
                .baseUnit("seconds")
                .tags(tags)
                .register(registry));
    }

    private void strays() {
        stray("duplicate", EchoStatistics::duplicates);
        stray("late", EchoStatistics::late);
        stray("altered", EchoStatistics::altered);
        stray("wrong_source", EchoStatistics::wrongSource);
        stray("unmatched", EchoStatistics::unmatched);
        visible(
                "netecho.receive.drops",
                "Packets the kernel dropped because the receive buffer was full",
                tags,
                EchoStatistics::droppedLocally);
    }

    private void stray(String kind, Function<EchoStatistics, OptionalLong> value) {
        visible("netecho.strays", "Packets that are no outcome of a request", tags.and(KIND, kind), value);
    }

    /** What the system hides has no meter: zero would be untrue. */
    private void visible(String name, String description, Tags all, Function<EchoStatistics, OptionalLong> value) {
        if (value.apply(atFirst).isPresent()) {
            counter(name, description, all, now -> value.apply(now).orElse(0));
        }
    }

    private void counter(String name, String description, ToDoubleFunction<EchoStatistics> value) {
        counter(name, description, tags, value);
    }

    private void counter(String name, String description, Tags all, ToDoubleFunction<EchoStatistics> value) {
        registered.add(FunctionCounter.builder(name, requester, reading(value))
                .description(description)
                .tags(all)
                .register(registry));
    }

    private void gauge(String name, String description, ToDoubleFunction<EchoStatistics> value) {
        registered.add(Gauge.builder(name, requester, reading(value))
                .description(description)
                .tags(tags)
                .register(registry));
    }

    /** {@return what reads one value} It refers to no requester: the registry refers to that weakly. */
    private ToDoubleFunction<EchoRequester> reading(ToDoubleFunction<EchoStatistics> value) {
        Snapshots from = snapshots;
        int meter = meters++;
        return asked -> value.applyAsDouble(from.read(asked, meter));
    }

    private static String lowerCase(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
