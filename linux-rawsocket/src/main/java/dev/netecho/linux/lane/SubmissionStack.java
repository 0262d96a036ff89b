// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Where callers leave requests for the loop: a lock-free stack linked through the requests themselves. The loop takes all
 * at once and turns them round, so that it is first in, first out.
 */
final class SubmissionStack {
    /** Marks the end of everything; never a request of anybody. */
    private static final PendingEcho CLOSED = new PendingEcho(
            EchoRequest.to(InetAddress.getLoopbackAddress()), (request, outcome) -> {}, new EchoCompletion() {
                @Override
                public void sent(PendingEcho pending) {}

                @Override
                public void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {}
            });

    private final AtomicReference<@Nullable PendingEcho> head = new AtomicReference<>();

    private volatile EchoOutcome.NotSent closedOutcome =
            EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the requester is closed");

    /** What was put back: the oldest of all. Belongs to the loop. */
    private @Nullable PendingEcho putBack;

    /**
     * Adds a request; after {@link #close} completes it instead.
     *
     * @return whether it was added, so that the loop has to be awake
     */
    boolean push(PendingEcho echo) {
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

    /** Puts back what {@link #takeAll} has returned, from this request on; they are the oldest again. */
    void putBack(@Nullable PendingEcho oldest) {
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
    boolean isEmpty() {
        PendingEcho youngest = head.get();
        return putBack == null && (youngest == null || youngest == CLOSED);
    }

    /** {@return the oldest request, linked to the younger ones; null if there is none} Belongs to the loop. */
    @Nullable
    PendingEcho takeAll() {
        PendingEcho taken = head.get();
        while (taken != null && taken != CLOSED && !head.compareAndSet(taken, null)) { // close() may come in between
            taken = head.get();
        }
        return behindPutBack(taken);
    }

    /** Says how requests end after {@link #close}; before that is called. */
    void because(EchoOutcome.NotSent outcome) {
        closedOutcome = outcome;
    }

    /** Refuses everything from now on. Returns what there was, as {@link #takeAll} does. */
    @Nullable
    PendingEcho close() {
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
}
