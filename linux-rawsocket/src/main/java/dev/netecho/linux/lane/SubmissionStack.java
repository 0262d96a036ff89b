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

    /** What listeners ask for on the loop's own thread: a queue of its own, which needs no atomic operation. */
    private @Nullable PendingEcho oldestOnLoop;

    private @Nullable PendingEcho youngestOnLoop;

    /**
     * Adds a request; after {@link #close} completes it instead.
     *
     * @return whether the stack was empty, so that the loop has to be woken
     */
    boolean push(PendingEcho echo) {
        while (true) {
            PendingEcho before = head.get();
            if (before == CLOSED) {
                echo.complete(EchoOutcome.NotSent.because(NotSentReason.CLOSED, "the requester is closed"));
                return false;
            }
            echo.next(before);
            if (head.compareAndSet(before, echo)) {
                return before == null;
            }
        }
    }

    /** Adds a request on the loop's thread, which is to call {@link #takeAll} by itself before it rests; not after {@link #close}. */
    void pushOnLoop(PendingEcho echo) {
        echo.next(null);
        PendingEcho youngest = youngestOnLoop;
        if (youngest == null) {
            oldestOnLoop = echo;
        } else {
            youngest.next(echo);
        }
        youngestOnLoop = echo;
    }

    /** Puts back what {@link #takeAll} has returned, from this request on: it is the oldest again of those on the loop's thread. */
    void putBack(@Nullable PendingEcho oldest) {
        if (oldest == null) {
            return;
        }
        PendingEcho youngest = oldest;
        for (PendingEcho younger = youngest.next(); younger != null; younger = youngest.next()) {
            youngest = younger;
        }
        youngest.next(oldestOnLoop);
        if (oldestOnLoop == null) {
            youngestOnLoop = youngest;
        }
        oldestOnLoop = oldest;
    }

    /** {@return whether there is nothing to take; to be called on the loop's thread} */
    boolean isEmpty() {
        return oldestOnLoop == null && head.get() == null;
    }

    /**
     * {@return the oldest request, linked to the younger ones, those of the loop's thread behind the others; null if there is none}
     *
     * <p>To be called on the loop's thread.
     */
    @Nullable
    PendingEcho takeAll() {
        while (true) {
            PendingEcho taken = head.get();
            if (taken == null || taken == CLOSED) {
                return takeOnLoop();
            }
            if (head.compareAndSet(taken, null)) { // and not getAndSet: close() may come in between
                PendingEcho oldest = reversed(taken);
                taken.next(takeOnLoop()); // the youngest
                return oldest;
            }
        }
    }

    private @Nullable PendingEcho takeOnLoop() {
        PendingEcho taken = oldestOnLoop;
        oldestOnLoop = null;
        youngestOnLoop = null;
        return taken;
    }

    /** Refuses everything from other threads from now on. Returns what they left; what came on the loop is only taken. */
    @Nullable
    PendingEcho close() {
        PendingEcho taken = head.getAndSet(CLOSED);
        return taken == CLOSED ? null : reversed(taken);
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
