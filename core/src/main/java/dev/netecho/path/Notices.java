// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import dev.netecho.backend.RateLimitedLog;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Calls of user code that wait for their turn: they are added with a lock held, and run in order without it. So user
 * code may call back. Thread-safe.
 */
final class Notices {
    private static final RateLimitedLog LOG = new RateLimitedLog(PathTrace.class);

    private final Queue<Runnable> waiting = new ConcurrentLinkedQueue<>();
    private final AtomicInteger turns = new AtomicInteger();
    private final String owner;

    /** Who runs user code; only that thread sees itself here. */
    private volatile @Nullable Thread runner;

    Notices(String owner) {
        this.owner = owner;
    }

    void add(Runnable call) {
        waiting.add(call);
    }

    /** Fails if the calling thread runs a listener: what it would wait for is delivered after that call. */
    void checkMayWait(String call) {
        if (Thread.currentThread().equals(runner)) {
            throw new IllegalStateException(call + " would deadlock in a listener of the " + owner
                    + ", whose report comes after this call; use thenAccept() or another thread");
        }
    }

    /** Runs what waits, unless another thread, or a caller of this one, does. */
    void deliver() {
        if (turns.getAndIncrement() != 0) {
            return;
        }
        int taken = 1;
        do {
            runner = Thread.currentThread();
            for (Runnable call = waiting.poll(); call != null; call = waiting.poll()) {
                try {
                    call.run();
                } catch (RuntimeException | Error e) { // must not cost the next ones their turn
                    LOG.warn(owner, "a listener threw", e);
                }
            }
            runner = null;
            taken = turns.addAndGet(-taken);
        } while (taken != 0);
    }
}
