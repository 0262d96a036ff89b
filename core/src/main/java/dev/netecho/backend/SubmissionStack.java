// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Takes requests from callers to the engine's thread: a lock-free stack, linked through the requests themselves. The
 * engine's thread takes all at once and reverses them, so the order is first in, first out. {@link #push} and
 * {@link #close} are for any thread, the rest for one thread at a time.
 */
@SuppressWarnings("ReferenceEquality") // a request is itself and no other
public final class SubmissionStack {
    private static final PendingEcho CLOSED = new Closed();

    private final AtomicReference<@Nullable PendingEcho> head = new AtomicReference<>();

    private volatile EchoOutcome.NotSent closedOutcome = EchoEngine.CLOSED;

    /** What was put back: the oldest requests. Belongs to the engine's thread. */
    private @Nullable PendingEcho putBack;

    /** Constructs an empty stack. */
    public SubmissionStack() {}

    /**
     * Adds a request; after {@link #close} completes it instead.
     *
     * @param echo the request
     * @return whether it was added; then the engine's thread must be awake
     */
    public boolean push(PendingEcho echo) {
        while (true) {
            PendingEcho before = head.get();
            if (before == CLOSED) {
                if (!echo.complete(closedOutcome)) {
                    echo.letGo();
                }
                return false;
            }
            echo.next(before);
            if (head.compareAndSet(before, echo)) {
                return true;
            }
        }
    }

    /**
     * Puts back what {@link #takeAll} returned, from a request on. They are the oldest again.
     *
     * @param oldest the first request to put back, or null for none
     */
    public void putBack(@Nullable PendingEcho oldest) {
        if (oldest != null) {
            link(oldest, putBack);
            putBack = oldest;
        }
    }

    private static void link(PendingEcho oldest, @Nullable PendingEcho younger) {
        if (younger != null) {
            PendingEcho youngest = oldest;
            for (PendingEcho next = youngest.next(); next != null; next = youngest.next()) {
                youngest = next;
            }
            youngest.next(younger);
        }
    }

    /** {@return whether there is nothing to take} */
    public boolean isEmpty() {
        PendingEcho youngest = head.get();
        return putBack == null && (youngest == null || youngest == CLOSED);
    }

    /** {@return the oldest request, linked to the younger ones; null if there is none} */
    @Nullable
    public PendingEcho takeAll() {
        PendingEcho taken = head.get();
        while (taken != null && taken != CLOSED && !head.compareAndSet(taken, null)) {
            // close() may come in between.
            taken = head.get();
        }
        return behindPutBack(taken);
    }

    /**
     * Says how requests end after {@link #close}; to be called before it.
     *
     * @param outcome their outcome
     */
    public void because(EchoOutcome.NotSent outcome) {
        closedOutcome = outcome;
    }

    /** {@return what there was, as {@link #takeAll} does} Refuses all requests from now on. */
    @Nullable
    public PendingEcho close() {
        return behindPutBack(head.getAndSet(CLOSED));
    }

    private @Nullable PendingEcho behindPutBack(@Nullable PendingEcho newest) {
        PendingEcho oldest = newest == CLOSED ? null : reversed(newest);
        PendingEcho older = putBack;
        if (older == null) {
            return oldest;
        }
        putBack = null;
        link(older, oldest);
        return older;
    }

    private static @Nullable PendingEcho reversed(@Nullable PendingEcho newest) {
        PendingEcho oldest = null;
        for (PendingEcho echo = newest; echo != null; ) {
            PendingEcho older = echo.next();
            echo.next(oldest);
            oldest = echo;
            echo = older;
        }
        return oldest;
    }

    /** Marks a closed stack; no caller's request, and nothing becomes of it. */
    private static final class Closed extends PendingEcho {
        Closed() {
            super(EchoRequest.to(InetAddress.getLoopbackAddress()));
        }

        @Override
        public EchoCounters counters() {
            throw new IllegalStateException("no requester has it");
        }

        @Override
        protected void onOutcome(EchoOutcome outcome, boolean wasSent) {}

        @Override
        protected void onCancelled(EchoOutcome.NotSent outcome, boolean wasSent) {}
    }
}
