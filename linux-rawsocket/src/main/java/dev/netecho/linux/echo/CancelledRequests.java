// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.EchoQueue;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.loop.EventLoop;
import dev.netecho.spi.PendingEcho;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a loop forget cancelled requests; from any thread. */
final class CancelledRequests {
    private static final Logger LOG = LoggerFactory.getLogger(CancelledRequests.class);

    /** Fewer than core lets an engine keep for nothing (SPEC END-1), and enough to be worth a look at all that wait. */
    private static final int PURGE_AT_LEAST = 512;

    /** Slots that the loop is to free; more than this would come close to what core lets an engine keep. */
    private static final int MOST_TASKS = 256;

    private final LoopState state;
    private final EventLoop loop;
    private final SubmissionStack submitted;
    private final SendQueues queues;
    private final LoopLock lock;

    /** Requests that were cancelled while they waited, since the last purge; most of them are still in a queue. */
    private final AtomicInteger waiting = new AtomicInteger();

    private final AtomicInteger tasks = new AtomicInteger();

    private volatile int purgeAt = PURGE_AT_LEAST;

    CancelledRequests(LoopState state, EventLoop loop, SubmissionStack submitted, SendQueues queues, LoopLock lock) {
        this.state = state;
        this.loop = loop;
        this.submitted = submitted;
        this.queues = queues;
        this.lock = lock;
    }

    /** Frees the slot of a cancelled request, or counts it, so that queues are purged before they hold many. */
    void add(PendingEcho echo) {
        if (echo.handle() >= 0) {
            freeSlot(echo);
        } else if (waiting.incrementAndGet() >= purgeAt && lock.tryLock()) {
            // If the lock is taken, the next cancelled request tries again.
            try {
                purge();
            } finally {
                lock.unlock();
            }
        }
    }

    private void freeSlot(PendingEcho echo) {
        if (lock.tryLock()) {
            try {
                queues.free(echo);
            } finally {
                lock.unlock();
            }
            return;
        }
        if (tasks.incrementAndGet() <= MOST_TASKS) {
            try {
                loop.execute(() -> {
                    tasks.decrementAndGet();
                    freeSlotLocked(echo);
                });
                return;
            } catch (RejectedExecutionException e) {
                LOG.trace("{}: cancelled after the event loop had ended", state.name(), e);
            } catch (RuntimeException | Error e) {
                // Usually no memory; no other thread would free the slot.
            }
        }
        tasks.decrementAndGet();
        freeSlotLocked(echo);
    }

    private void freeSlotLocked(PendingEcho echo) {
        lock.lockFromOutside();
        try {
            queues.free(echo);
        } finally {
            lock.unlock();
        }
    }

    /** Takes every cancelled request out of the queues. */
    void letGo() {
        lock.lockFromOutside();
        try {
            purge();
        } finally {
            lock.unlock();
        }
    }

    /** With the lock held. It looks at all that wait, but only after half as many were cancelled. */
    private void purge() {
        EchoQueue kept = new EchoQueue();
        waiting.set(0);
        PendingEcho echo = submitted.takeAll();
        while (echo != null) {
            PendingEcho younger = echo.next();
            if (echo.isDone()) {
                echo.letGo();
            } else {
                kept.addLast(echo);
            }
            echo = younger;
        }
        submitted.putBack(kept.peek());
        purgeAt = (kept.size() + queues.purge()) / 2 + PURGE_AT_LEAST;
    }
}
