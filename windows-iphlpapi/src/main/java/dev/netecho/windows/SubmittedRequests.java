// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOutcome;
import dev.netecho.spi.PendingEcho;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** The queue of what callers gave and the worker has not taken. Thread-safe: any thread may empty it. */
final class SubmittedRequests {
    /** Cancelled requests are removed in batches of this size: finding one means looking at all. */
    private static final int CANCELLED_BATCH = 256;

    /** {@link PendingEcho#handle} of a request that has left the queue. */
    private static final int OUT_OF_QUEUE = 0;

    private final Queue<PendingEcho> queue = new ConcurrentLinkedQueue<>();

    /**
     * How many are in the queue, and how many of those were cancelled; approximate, because an exact count needs a
     * lock.
     */
    private final AtomicInteger queued = new AtomicInteger();

    private final AtomicInteger cancellations = new AtomicInteger();

    void add(PendingEcho echo) {
        queue.add(echo);
        queued.getAndIncrement();
    }

    boolean isEmpty() {
        return queue.isEmpty();
    }

    /** {@return the oldest, which stays; null if there is none} */
    @Nullable
    PendingEcho peek() {
        return queue.peek();
    }

    /** {@return the oldest, which is taken out; null if there is none} */
    @Nullable
    PendingEcho poll() {
        PendingEcho pending = queue.poll();
        if (pending != null) {
            queued.getAndDecrement();
            // The mark comes first: a later cancel sees it, and an earlier one is seen here.
            pending.handle(OUT_OF_QUEUE);
            if (pending.isDone()) {
                pending.letGo();
            }
        }
        return pending;
    }

    /**
     * {@return whether cancelled requests were removed} The cancelling threads clear the queue, because the worker may
     * be held up and the queue must not grow meanwhile.
     */
    boolean cancelled(PendingEcho echo) {
        if (echo.handle() == OUT_OF_QUEUE) {
            echo.letGo(); // what the system has is bounded
        }
        int enough = Math.max(CANCELLED_BATCH, queued.get() / 2);
        if (cancellations.incrementAndGet() < enough || cancellations.getAndSet(0) < CANCELLED_BATCH) {
            return false;
        }
        letGoOfCancelled();
        return true;
    }

    void letGoOfCancelled() {
        cancellations.set(0);
        queue.removeIf(SubmittedRequests::letGoIfDone);
        queued.set(queue.size()); // two searches at once may both have found one
    }

    private static boolean letGoIfDone(PendingEcho echo) {
        if (!echo.isDone()) {
            return false;
        }
        echo.letGo();
        return true;
    }

    /** Ends all of them. */
    void refuse(EchoOutcome outcome) {
        for (PendingEcho echo = queue.peek(); echo != null; echo = queue.peek()) {
            echo.complete(outcome); // first: without memory or stack it stays in the queue
            if (queue.remove(echo)) {
                queued.getAndDecrement();
            }
            echo.letGo();
        }
    }
}
