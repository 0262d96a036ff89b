// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import dev.netecho.EchoRequester;
import io.micrometer.core.instrument.Meter;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;

/**
 * Registers what requesters count ({@link EchoRequester#statistics}) as counters and gauges, with the tag
 * {@code requester} for the name of each. The counters of one scrape come from one snapshot, so they add up.
 *
 * <p>The meters do not keep a requester from being collected. They stay until {@link #close}, also if the requester is
 * closed. Thread-safe.
 */
public final class EchoMetrics implements MeterBinder, AutoCloseable {
    private final List<EchoRequester> requesters;
    private final Tags tags;
    private final LongSupplier nanoTime;
    private final Map<MeterRegistry, List<Meter>> bound = new HashMap<>();

    /**
     * Constructs a binder for one requester.
     *
     * @param requester the requester
     */
    public EchoMetrics(EchoRequester requester) {
        this(List.of(requester), Tags.empty());
    }

    /**
     * Constructs a binder.
     *
     * @param requesters the requesters, each with a name of its own
     * @param tags more tags for every meter
     * @throws IllegalArgumentException if two requesters have the same name
     */
    public EchoMetrics(Collection<? extends EchoRequester> requesters, Iterable<Tag> tags) {
        this(requesters, tags, System::nanoTime);
    }

    /** The same with the clock that says when a scrape has ended, for tests. */
    EchoMetrics(Collection<? extends EchoRequester> requesters, Iterable<Tag> tags, LongSupplier nanoTime) {
        this.nanoTime = nanoTime;
        this.requesters = List.copyOf(requesters);
        this.tags = Tags.of(tags);
        Set<String> names = new HashSet<>();
        for (EchoRequester each : this.requesters) {
            if (!names.add(each.name())) {
                throw new IllegalArgumentException("two requesters are named \"" + each.name() + "\"; name each with"
                        + " EchoRequester.Builder.name, so that their meters differ");
            }
        }
    }

    /**
     * Registers the meters. A registry that has them from this binder is left as it is.
     *
     * @param registry the registry
     * @throws IllegalStateException if the registry has such meters from elsewhere: it would keep those and show the
     *     numbers of another requester
     */
    @Override
    public synchronized void bindTo(MeterRegistry registry) {
        if (bound.containsKey(registry)) {
            return;
        }
        for (EchoRequester each : requesters) {
            if (registry.find(RequesterMeters.SENT).tags(tagsOf(each)).meter() != null) {
                throw new IllegalStateException("the registry has meters of a requester named \"" + each.name()
                        + "\" already; close the EchoMetrics that made them, or name this requester with"
                        + " EchoRequester.Builder.name");
            }
        }
        List<Meter> meters = new ArrayList<>();
        try {
            for (EchoRequester each : requesters) {
                new RequesterMeters(registry, each, tagsOf(each), meters, nanoTime).register();
            }
        } catch (RuntimeException e) {
            meters.forEach(registry::remove);
            throw e;
        }
        bound.put(registry, meters);
    }

    private Tags tagsOf(EchoRequester requester) {
        return tags.and(RequesterMeters.REQUESTER, requester.name());
    }

    /** Removes the meters from every registry. The requesters stay open. */
    @Override
    public synchronized void close() {
        bound.forEach((registry, meters) -> meters.forEach(registry::remove));
        bound.clear();
    }
}
