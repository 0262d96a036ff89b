// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.backend.EchoQueue;
import dev.netecho.backend.RateLimitedLog;
import dev.netecho.linux.socket.SendBatch;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * The requests that a close ends: those of one requester, or all of a loop. They are first collected under the lock of
 * the loop, and then completed without it, by as many threads as it takes, because the listener of each may block.
 */
final class ClosedRequests {
    private static final long PAUSE_NANOS = 1_000_000;

    private final @Nullable EchoCounters requester;
    private final EchoQueue unsent = new EchoQueue();
    private final EchoQueue inFlight = new EchoQueue();

    /** For those that do not end. Made in advance: memory may be short while requests are collected. */
    final EchoQueue kept = new EchoQueue();

    /** Their links still belong to a queue: the loop may yet put them back there. */
    private final @Nullable PendingEcho[] staged = new PendingEcho[SendBatch.CAPACITY];

    private EchoOutcome.NotSent outcome = EchoEngine.CLOSED;
    private int stagedCount;
    private boolean collected;
    private int delivering;
    private long delivered;

    /** Where a request waits for its outcome. */
    private enum Place {
        UNSENT,
        STAGED,
        IN_FLIGHT
    }

    /** {@code requester} has the counters of the one whose requests end; null for those of all. */
    ClosedRequests(@Nullable EchoCounters requester) {
        this.requester = requester;
        // Loads the classes that a close needs: the class loader may be closed by then (SPEC END-6).
        var unused = take(Place.UNSENT);
    }

    boolean includes(PendingEcho echo) {
        return requester == null || echo.counters().equals(requester);
    }

    /** {@return whether every request of the loop ends} */
    boolean isAll() {
        return requester == null;
    }

    /** Sets how they end if not by a close. */
    synchronized void because(EchoOutcome.NotSent reason) {
        outcome = reason;
    }

    synchronized void addUnsent(PendingEcho echo) {
        unsent.addLast(echo);
    }

    synchronized void addInFlight(PendingEcho echo) {
        inFlight.addLast(echo);
    }

    /**
     * Adds a request that stays where it is, in a batch that is being sent; it is dropped there once it is complete.
     */
    synchronized void addStaged(PendingEcho echo) {
        staged[stagedCount++] = echo;
    }

    synchronized void setCollected() {
        collected = true;
        notifyAll();
    }

    synchronized boolean isCollected() {
        return collected;
    }

    /** {@return how many outcomes have been delivered, or are being delivered} */
    synchronized long progress() {
        return delivered;
    }

    private synchronized boolean isOver() {
        return collected && delivering == 0 && unsent.isEmpty() && inFlight.isEmpty() && stagedCount == 0;
    }

    /** {@return whether every request has its outcome, after waiting for some nanoseconds at most} */
    synchronized boolean await(long nanos) throws InterruptedException {
        long end = System.nanoTime() + nanos;
        while (!isOver()) {
            long left = end - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            TimeUnit.NANOSECONDS.timedWait(this, left);
        }
        return true;
    }

    /**
     * Completes what is left; from any thread, and from several at once. A delivery that fails, usually for lack of
     * memory, is logged under a name and tried again. What this thread cannot deliver stays for the next one.
     *
     * @param patienceNanos how long to keep trying while every delivery fails
     */
    void deliver(RateLimitedLog log, String name, long patienceNanos) {
        boolean failing = false;
        long failingSince = 0;
        while (true) {
            Place place = Place.UNSENT;
            PendingEcho echo = take(place);
            if (echo == null) {
                place = Place.STAGED;
                echo = take(place);
            }
            if (echo == null) {
                place = Place.IN_FLIGHT;
                echo = take(place);
            }
            if (echo == null) {
                return;
            }
            boolean delivered = deliver(echo, place, log, name);
            long now = System.nanoTime();
            if (!failing) {
                failingSince = now;
            }
            failing = !delivered;
            if (failing) {
                if (now - failingSince >= patienceNanos) {
                    return;
                }
                LockSupport.parkNanos(PAUSE_NANOS); // until there is memory
            }
        }
    }

    private synchronized @Nullable PendingEcho take(Place place) {
        PendingEcho echo = switch (place) {
            case UNSENT -> unsent.poll();
            case STAGED -> pollStaged();
            case IN_FLIGHT -> inFlight.poll();
        };
        if (echo != null) {
            delivering++;
            delivered++;
        }
        return echo;
    }

    private @Nullable PendingEcho pollStaged() {
        if (stagedCount == 0) {
            return null;
        }
        PendingEcho echo = staged[--stagedCount];
        staged[stagedCount] = null;
        return echo;
    }

    private void putBack(PendingEcho echo, Place place) {
        switch (place) {
            case UNSENT -> unsent.addLast(echo);
            case STAGED -> {
                // The others come first.
                System.arraycopy(staged, 0, staged, 1, stagedCount++);
                staged[0] = echo;
            }
            case IN_FLIGHT -> inFlight.addLast(echo);
        }
    }

    private synchronized EchoOutcome.NotSent outcome() {
        return outcome;
    }

    /** {@return whether it has its outcome; if not, it is back in its place} */
    private boolean deliver(PendingEcho echo, Place place, RateLimitedLog log, String name) {
        boolean undelivered = false;
        try {
            if (!echo.complete(outcome())) {
                echo.letGo();
            }
        } catch (RuntimeException | Error e) { // must not cost the others their outcome
            undelivered = !echo.isDone();
            log.warn(name, Outcomes.DEFECT, e);
        }
        synchronized (this) {
            delivering--;
            if (undelivered) {
                putBack(echo, place);
            }
            notifyAll();
        }
        return !undelivered;
    }
}
