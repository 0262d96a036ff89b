// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoRequest;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The targets that are watched, and the addresses of their names, looked up again and again. Thread-safe. */
final class Targets implements AutoCloseable {
    /** A name that takes longer waits for its next look-up among its like. */
    private static final long SLOW_NANOS = 1_000_000_000;

    /** How often all targets are published anew at most, because names have other addresses. */
    private static final long PUBLISH_SECONDS = 1;

    private final Resolver resolver;
    private final BiConsumer<List<TargetState>, AgentConfig> watched;
    private final LongSupplier clock;

    // A name server that sleeps must not hold back the addresses of other names: new names, known ones, and those that
    // took long have threads of their own. What is due later waits on none of them.
    private final ScheduledThreadPoolExecutor timer = Resolver.threads("names-timer", 1);
    private final ExecutorService first = Resolver.threads("names", Resolver.MOST_THREADS);
    private final ExecutorService again = Resolver.threads("names-again", Resolver.MOST_THREADS);
    private final ExecutorService slow = Resolver.threads("names-slow", Resolver.MOST_THREADS / 2);

    private volatile List<TargetState> states = List.of();
    private volatile boolean lookedUp;

    // Guarded by this.
    private @Nullable AgentConfig config;
    private Map<TargetSpec, List<TargetState>> bySpec = new LinkedHashMap<>();
    private Map<String, Name> byName = new LinkedHashMap<>();
    private int unknown;
    private boolean others;
    private boolean publishing;

    /** What a look-up found: addresses, or why there are none. */
    private record Found(List<InetAddress> addresses, String trouble) {}

    /** A name, which is looked up again and again as long as a target has it. Guarded by the targets. */
    private static final class Name {
        final String host;
        final List<TargetSpec> specs = new ArrayList<>();
        ExecutorService lane;

        @Nullable
        Found found;

        @Nullable
        Future<?> turn;

        boolean underWay;

        Name(String host, ExecutorService lane) {
            this.host = host;
            this.lane = lane;
        }

        void cancel() {
            Future<?> next = turn;
            if (next != null) {
                next.cancel(false);
            }
        }
    }

    /**
     * Constructs it without targets.
     *
     * @param watched takes all targets whenever they are others
     * @param clock in nanoseconds: how long a look-up took
     */
    Targets(NameLookup names, BiConsumer<List<TargetState>, AgentConfig> watched, LongSupplier clock) {
        this.resolver = new Resolver(names);
        this.watched = watched;
        this.clock = clock;
        timer.allowCoreThreadTimeOut(false); // what is planned needs a thread that waits
    }

    /** Says whom to watch from now on. A target that was watched before keeps what it counted. */
    @SuppressWarnings("ReferenceEquality") // after each reload, names are looked up again
    synchronized void set(AgentConfig next, List<TargetSpec> specs) {
        boolean isOther = next != config;
        Map<TargetSpec, List<TargetState>> all = new LinkedHashMap<>();
        Map<String, Name> wanted = new LinkedHashMap<>();
        byName.values().forEach(name -> name.specs.clear());
        for (TargetSpec spec : specs) {
            List<TargetState> known = bySpec.getOrDefault(spec, List.of());
            List<TargetState> kept = isOther ? kept(known, next) : known;
            all.put(spec, kept.isEmpty() ? List.of(new TargetState(spec, null, next)) : kept);
            if (!Addresses.isLiteral(spec.host())) {
                Name name = byName.get(spec.host());
                wanted.computeIfAbsent(spec.host(), host -> name == null ? new Name(host, first) : name)
                        .specs
                        .add(spec);
            }
        }
        byName.values().stream().filter(name -> !wanted.containsKey(name.host)).forEach(Name::cancel);
        config = next;
        bySpec = all;
        byName = wanted;
        for (TargetSpec spec : specs) {
            Name name = wanted.get(spec.host());
            Found found = name == null ? find(spec.host()) : name.found;
            if (found != null) {
                resolved(spec, found, next);
            }
        }
        unknown = 0;
        for (Name name : wanted.values()) {
            unknown += name.found == null ? 1 : 0;
            if (!name.underWay && (name.turn == null || isOther)) {
                name.cancel();
                begin(name);
            }
        }
        publish();
        lookedUp |= unknown == 0;
    }

    /** {@return the targets of before that the next configuration has, too, now by that} */
    private List<TargetState> kept(List<TargetState> known, AgentConfig next) {
        AgentConfig last = config;
        if (last == null || next.allAddresses() != last.allAddresses()) {
            return List.of(); // the series had other labels
        }
        List<TargetState> kept = new ArrayList<>();
        for (TargetState state : known) {
            InetAddress address = state.address();
            boolean fits = address == null
                    || !Resolver.fitting(List.of(address), next.family()).isEmpty();
            if (!fits && next.allAddresses()) {
                continue; // the address is one of its labels
            }
            state.configured(next);
            if (!fits) {
                state.forget();
            } else if (address != null) {
                resolve(state, address, next);
            }
            kept.add(state);
        }
        return List.copyOf(kept);
    }

    /** Snapshots of Prometheus' client sort by labels: what is in order already costs nothing. */
    private void publish() {
        List<TargetState> all = new ArrayList<>();
        bySpec.values().forEach(all::addAll);
        all.sort(Comparator.comparing(TargetState::labels));
        states = List.copyOf(all);
        AgentConfig current = config;
        if (current != null) {
            watched.accept(states, current);
        }
    }

    /** {@return all targets, by their labels} */
    List<TargetState> all() {
        return states;
    }

    /** {@return whether every name was looked up at least once} */
    boolean lookedUp() {
        return lookedUp;
    }

    private synchronized void begin(Name name) {
        name.turn = name.lane.submit(() -> lookUp(name));
    }

    private void lookUp(Name name) {
        synchronized (this) {
            if (name.underWay || byName.get(name.host) != name) {
                return; // nobody wants it any more
            }
            name.underWay = true;
            name.cancel(); // if this is not the turn that was planned last
        }
        long start = clock.getAsLong();
        Found found = new Found(List.of(), "cannot be looked up");
        try {
            found = find(name.host);
        } finally {
            ended(name, found, clock.getAsLong() - start > SLOW_NANOS);
        }
    }

    private Found find(String host) {
        try {
            return new Found(resolver.addresses(host), "");
        } catch (UnknownHostException e) {
            return new Found(List.of(), Resolver.reason(e));
        }
    }

    private synchronized void ended(Name name, Found found, boolean isSlow) {
        AgentConfig current = config;
        name.underWay = false;
        if (current == null || byName.get(name.host) != name) {
            return;
        }
        unknown -= name.found == null ? 1 : 0;
        if (name.found == null
                || name.found.addresses().isEmpty()
                || !found.addresses().isEmpty()) {
            name.found = found; // the last addresses stay, for other targets of the name, too
        }
        for (TargetSpec spec : name.specs) {
            others |= resolved(spec, found, current);
        }
        name.lane = isSlow ? slow : again;
        name.turn = timer.schedule(() -> begin(name), current.resolveEvery().toNanos(), TimeUnit.NANOSECONDS);
        if (unknown == 0 && !lookedUp) {
            publishOthers();
            lookedUp = true;
        } else if (others && !publishing) {
            publishing = true;
            Future<?> unused = timer.schedule(this::publishOthers, PUBLISH_SECONDS, TimeUnit.SECONDS);
        }
    }

    private synchronized void publishOthers() {
        publishing = false;
        if (others) {
            others = false;
            publish();
        }
    }

    /** @return whether there are other targets now */
    private boolean resolved(TargetSpec spec, Found found, AgentConfig with) {
        List<TargetState> known = bySpec.get(spec);
        if (known == null) {
            return false; // it was left out meanwhile
        }
        List<InetAddress> fitting = Resolver.fitting(found.addresses(), with.family());
        if (fitting.isEmpty()) {
            String trouble = found.addresses().isEmpty()
                    ? found.trouble()
                    : "has no address of the family that ip_protocol asks for";
            known.forEach(state -> state.unresolved(trouble));
            return false;
        }
        if (!with.allAddresses()) {
            TargetState state = known.get(0);
            // A name keeps its address as long as it has it: a host is not watched at another place in each round.
            InetAddress current = state.address();
            boolean keeps = current != null && fitting.contains(current);
            resolve(state, current != null && keeps ? current : fitting.get(0), with);
            return false;
        }
        List<TargetState> next = new ArrayList<>();
        for (InetAddress address : fitting) {
            TargetState state = known.stream()
                    .filter(one -> address.equals(one.address()))
                    .findFirst()
                    .orElseGet(() -> new TargetState(spec, address, with));
            resolve(state, address, with);
            next.add(state);
        }
        bySpec.put(spec, List.copyOf(next));
        return !next.equals(known);
    }

    private static void resolve(TargetState target, InetAddress address, AgentConfig with) {
        try {
            target.resolved(EchoRequest.newBuilder(address)
                    .payload(with.payload())
                    .timeout(with.timeout())
                    .build());
        } catch (IllegalArgumentException e) {
            // Such as an address that the library takes for no destination.
            target.unresolved("cannot be asked: " + e.getMessage());
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
        first.shutdownNow();
        again.shutdownNow();
        slow.shutdownNow();
    }
}
