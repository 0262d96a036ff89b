// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Resolves the names of a run again and again, on a thread of its own: no request waits for a name server. */
final class NameWatch implements AutoCloseable {
    /** Takes a name that has another address. */
    interface Listener {
        /** Called on the watch's thread. */
        void moved(int index, Target target);
    }

    private final TargetResolver resolver;
    private final List<Target> targets;
    private final Listener listener;
    private final Thread thread;

    /** Constructs a watch; it does nothing before {@link #start}. */
    NameWatch(TargetResolver resolver, List<Target> targets, Duration every, Listener listener) {
        this.resolver = resolver;
        this.targets = new ArrayList<>(targets);
        this.listener = listener;
        this.thread = new Thread(() -> watch(every), "netecho-names");
        thread.setDaemon(true);
    }

    void start() {
        thread.start();
    }

    private void watch(Duration every) {
        try {
            while (true) {
                TimeUnit.NANOSECONDS.sleep(every.toNanos());
                look();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // closed
        }
    }

    /** A name that does not resolve this time keeps its address: a name server that is down takes no host with it. */
    private void look() throws InterruptedException {
        List<Target> now = resolver.resolveAgain(targets);
        for (int i = 0; i < now.size(); i++) {
            Target target = now.get(i);
            if (target.isResolved() && !target.equals(targets.get(i))) {
                targets.set(i, target);
                listener.moved(i, target);
            }
        }
    }

    @Override
    public void close() {
        thread.interrupt();
    }
}
