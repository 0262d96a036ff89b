// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.net.URI;
import java.net.http.HttpClient;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Gathers the targets: those of the configuration, and those of lists that others write. Thread-safe. */
final class Discovery implements AutoCloseable {
    private static final long LOOK_NANOS = 1_000_000_000;

    /** How long the answer of a URL may take. */
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final BiConsumer<AgentConfig, List<TargetSpec>> found;
    private final Thread thread;
    private @Nullable HttpClient client;
    private volatile List<TargetList> lists = List.of();

    // Guarded by this.
    private @Nullable AgentConfig config;
    private boolean changed;
    private boolean answered;

    /** Starts it; {@code found} takes all targets whenever they are others, on its thread or that of {@link #set}. */
    Discovery(BiConsumer<AgentConfig, List<TargetSpec>> found) {
        this.found = found;
        this.thread = new Thread(this::run, "netecho-agent-discovery");
        thread.setDaemon(true);
        thread.start();
    }

    /**
     * Says what is in force from now on. Files are read at once; until a URL has answered, its last good list counts.
     */
    synchronized void set(AgentConfig next) {
        List<TargetList> all = new ArrayList<>();
        for (Path pattern : next.files()) {
            TargetList known = known(pattern);
            if (known == null) {
                known = new FileList(pattern);
                known.refresh();
            }
            all.add(known);
        }
        for (URI url : next.urls()) {
            TargetList known = known(HttpList.origin(url, next.refreshEvery()));
            all.add(known == null ? new HttpList(client(), url, next.refreshEvery(), PATIENCE, this::answered) : known);
        }
        lists.stream().filter(list -> !all.contains(list)).forEach(TargetList::end);
        config = next;
        lists = List.copyOf(all);
        tell();
        changed = true;
        notifyAll();
    }

    private @Nullable TargetList known(Object origin) {
        return lists.stream().filter(list -> list.isOf(origin)).findFirst().orElse(null);
    }

    /** It has threads: it is made only if there is a URL to ask. */
    private HttpClient client() {
        HttpClient made = client;
        if (made == null) {
            made = HttpClient.newHttpClient();
            client = made;
        }
        return made;
    }

    /** {@return the lists that others write} */
    List<TargetList> lists() {
        return lists;
    }

    private void run() {
        try {
            while (true) {
                boolean other = awaitTurn();
                for (TargetList list : lists) {
                    other |= list.refresh();
                }
                if (other) {
                    tell();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** Waits for the time to look at the lists again. @return whether there is another configuration */
    private synchronized boolean awaitTurn() throws InterruptedException {
        long end = System.nanoTime() + LOOK_NANOS;
        while (!changed && !answered && System.nanoTime() - end < 0) {
            TimeUnit.NANOSECONDS.timedWait(this, end - System.nanoTime());
        }
        boolean other = changed;
        changed = false;
        answered = false;
        return other;
    }

    /** A URL has answered. */
    private synchronized void answered() {
        answered = true;
        notifyAll();
    }

    private synchronized void tell() {
        AgentConfig current = config;
        if (current == null) {
            return; // the first configuration is not in force yet
        }
        Set<TargetSpec> all = new LinkedHashSet<>(current.targets());
        for (TargetList list : lists) {
            all.addAll(list.targets());
        }
        all.removeIf(target -> !current.shard().owns(target.host()));
        if (all.size() > TargetGroups.MOST_TARGETS) {
            Warnings.say("all lists have " + all.size() + " targets, of which " + TargetGroups.MOST_TARGETS
                    + " are watched; share them among several agents");
        }
        found.accept(current, all.stream().limit(TargetGroups.MOST_TARGETS).toList());
    }

    @Override
    public void close() {
        thread.interrupt();
        lists.forEach(TargetList::end);
    }
}
