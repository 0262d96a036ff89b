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
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The targets that are watched, and the addresses of their names, looked up again and again. Thread-safe. */
final class Targets implements AutoCloseable {
    private final Resolver resolver;
    private final BiConsumer<List<TargetState>, AgentConfig> watched;
    private final Thread watch;

    private volatile List<TargetState> states = List.of();
    private volatile boolean lookedUp;

    // Guarded by this.
    private @Nullable AgentConfig config;
    private Map<TargetSpec, List<TargetState>> bySpec = new LinkedHashMap<>();
    private boolean changed;
    private boolean others;
    private int generation;

    /** Starts it; {@code watched} takes all targets whenever they are others. */
    Targets(NameLookup names, BiConsumer<List<TargetState>, AgentConfig> watched) {
        this.resolver = new Resolver(names, "names");
        this.watched = watched;
        this.watch = new Thread(this::watch, "netecho-agent-names");
        watch.setDaemon(true);
        watch.start();
    }

    /** Says whom to watch from now on. A target that was watched before keeps what it counted. */
    synchronized void set(AgentConfig next, List<TargetSpec> specs) {
        AgentConfig last = config;
        boolean keep = last != null
                && next.buckets().equals(last.buckets())
                && next.downAfter() == last.downAfter()
                && next.allAddresses() == last.allAddresses();
        Map<TargetSpec, List<TargetState>> all = new LinkedHashMap<>();
        for (TargetSpec spec : specs) {
            List<TargetState> known = keep ? bySpec.get(spec) : null;
            all.put(spec, known == null ? List.of(new TargetState(spec, null, next)) : known);
        }
        config = next;
        bySpec = all;
        generation++;
        for (TargetSpec spec : specs) {
            if (Addresses.isLiteral(spec.host())) {
                resolved(spec, lookUp(spec.host(), next), next);
            }
        }
        publish();
        changed = true;
        notifyAll();
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

    private void watch() {
        try {
            while (true) {
                AgentConfig current = awaitTurn();
                if (current != null) {
                    lookUpNames(current);
                    lookedUp = true;
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Waits for the time to look names up again, or for other targets. */
    private synchronized @Nullable AgentConfig awaitTurn() throws InterruptedException {
        AgentConfig current = config;
        long end = System.nanoTime()
                + (current == null ? Long.MAX_VALUE / 2 : current.resolveEvery().toNanos());
        while (!changed && System.nanoTime() - end < 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        changed = false;
        return config;
    }

    private void lookUpNames(AgentConfig with) throws InterruptedException {
        Map<String, List<TargetSpec>> byName = new LinkedHashMap<>();
        int of;
        List<TargetSpec> specs;
        synchronized (this) {
            of = generation;
            specs = List.copyOf(bySpec.keySet());
        }
        for (TargetSpec spec : specs) {
            if (!Addresses.isLiteral(spec.host())) {
                byName.computeIfAbsent(spec.host(), name -> new ArrayList<>()).add(spec);
            }
        }
        CountDownLatch left = new CountDownLatch(byName.size());
        for (Map.Entry<String, List<TargetSpec>> sameName : byName.entrySet()) {
            Runnable task = () -> {
                Found found = lookUp(sameName.getKey(), with);
                sameName.getValue().forEach(spec -> resolvedLater(spec, found, with, of));
                left.countDown();
            };
            while (!resolver.submit(task)) {
                Thread.sleep(10); // the queue is full of earlier names
            }
        }
        // A name server that sleeps must not hold back the addresses of other names.
        while (!left.await(1, TimeUnit.SECONDS)) {
            publishOthers();
        }
        publishOthers();
    }

    /** What a look-up found: addresses, or why there are none. */
    private record Found(List<InetAddress> addresses, String trouble) {}

    private Found lookUp(String host, AgentConfig with) {
        try {
            List<InetAddress> found = Resolver.fitting(resolver.addresses(host), with.family());
            return new Found(found, found.isEmpty() ? "has no address of the family that ip_protocol asks for" : "");
        } catch (UnknownHostException e) {
            return new Found(List.of(), Resolver.reason(e));
        }
    }

    private synchronized void resolvedLater(TargetSpec spec, Found found, AgentConfig with, int of) {
        if (of == generation) {
            others |= resolved(spec, found, with);
        }
    }

    private synchronized void publishOthers() {
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
        if (found.addresses().isEmpty()) {
            known.forEach(state -> state.unresolved(found.trouble()));
            return false;
        }
        if (!with.allAddresses()) {
            TargetState state = known.get(0);
            // A name keeps its address as long as it has it: a host is not watched at another place in each round.
            InetAddress current = state.address();
            boolean keeps = current != null && found.addresses().contains(current);
            resolve(
                    state,
                    current != null && keeps ? current : found.addresses().get(0),
                    with);
            return false;
        }
        List<TargetState> next = new ArrayList<>();
        for (InetAddress address : found.addresses()) {
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
        watch.interrupt();
        resolver.close();
    }
}
