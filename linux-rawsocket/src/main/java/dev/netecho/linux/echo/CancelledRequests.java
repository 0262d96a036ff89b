// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.backend.EchoQueue;
import dev.netecho.backend.SubmissionStack;
import dev.netecho.linux.loop.EventLoop;
import dev.netecho.spi.PendingEcho;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Lets a loop forget cancelled requests; from any thread. */
final class CancelledRequests {
    private static final Logger LOG = LoggerFactory.getLogger(CancelledRequests.class);

    /** Fewer than core lets an engine keep for nothing (SPEC END-1), and enough to be worth a look at all that wait. */
    private static final int PURGE_AT_LEAST = 512;

    /** Slots that are left to the loop to free; more than this would come close to what core lets an engine keep. */
    private static final int MOST_SLOTS = 256;

    private final LoopState state;
    private final EventLoop loop;
    private final SubmissionStack submitted;
    private final SendQueues queues;
    private final LoopLock lock;

    /** Requests that were cancelled while they waited, since the last purge; most of them are still in a queue. */
    private final AtomicInteger waiting = new AtomicInteger();

    /** Requests whose slots are to be freed, because the lock was taken when they were cancelled. */
    private final Queue<PendingEcho> toFree = new ConcurrentLinkedQueue<>();

    /** How many those are. Whoever adds the first one has the loop free them all. */
    private final AtomicInteger slots = new AtomicInteger();

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
        try {
            toFree.add(echo);
        } catch (Error e) { // usually no memory; no other thread would free the slot
            free(echo);
            return;
        }
        int number = slots.incrementAndGet();
        if (number > MOST_SLOTS) {
            freeSlots();
        } else if (number == 1) {
            try {
                loop.execute(this::freeSlots);
            } catch (RejectedExecutionException e) {
                LOG.trace("{}: cancelled after the event loop had ended", state.name(), e);
            } catch (RuntimeException | Error e) {
                freeSlots();
            }
        }
    }

    private void free(PendingEcho echo) {
        lock.lockFromOutside();
        try {
            queues.free(echo);
        } finally {
            lock.unlock();
        }
    }

    private void freeSlots() {
        lock.lockFromOutside();
        try {
            freeSlotsLocked();
        } finally {
            lock.unlock();
        }
    }

    private void freeSlotsLocked() {
        for (PendingEcho echo = toFree.poll(); echo != null; echo = toFree.poll()) {
            slots.decrementAndGet();
            queues.free(echo);
        }
    }

    /** Lets go of every cancelled request, in the queues and in slots. */
    void letGo() {
        lock.lockFromOutside();
        try {
            freeSlotsLocked();
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
