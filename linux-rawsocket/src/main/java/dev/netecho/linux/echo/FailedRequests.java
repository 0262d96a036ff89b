// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.backend.ClosedRequests;
import dev.netecho.backend.EchoQueue;
import dev.netecho.linux.socket.SystemCallException;
import dev.netecho.spi.PendingEcho;
import java.util.Objects;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Requests that end because the engine met an error, such as a lack of memory: they are in no slot and no other queue,
 * and wait for their outcome. Takes no memory itself. Guarded by the lock of the loop.
 */
final class FailedRequests {
    private static final EchoOutcome.NotSent NO_MEMORY =
            EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "this process ran out of memory");

    private final EchoQueue queue = new EchoQueue();
    private EchoOutcome.NotSent outcome = NO_MEMORY;

    /** {@return the outcome of what ends for an error} */
    static EchoOutcome.NotSent outcome(Throwable cause) {
        try {
            if (cause instanceof SystemCallException refusal) {
                return new EchoOutcome.NotSent(
                        NotSentReason.OS_ERROR,
                        refusal.getMessage()
                                + "; the event loop has ended, and whether a request was answered is not known",
                        OptionalInt.of(refusal.errno()));
            }
            return cause instanceof OutOfMemoryError
                    ? NO_MEMORY
                    : EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "unexpected failure in the engine: " + cause);
        } catch (OutOfMemoryError e) {
            return NO_MEMORY;
        }
    }

    /** Sets why those that are added end. */
    void because(Throwable cause) {
        outcome = outcome(cause);
    }

    void add(PendingEcho echo) {
        queue.addLast(echo);
    }

    /** Adds a chain of requests, {@code first} and those that it links to. */
    void addAll(@Nullable PendingEcho first) {
        PendingEcho echo = first;
        while (echo != null) {
            PendingEcho younger = echo.next();
            queue.addLast(echo);
            echo = younger;
        }
    }

    @Nullable
    PendingEcho poll() {
        return queue.poll();
    }

    /** {@return how they end} */
    EchoOutcome.NotSent outcome() {
        return outcome;
    }

    void collect(ClosedRequests closed) {
        for (int left = queue.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(queue.poll());
            if (closed.includes(echo)) {
                closed.add(echo);
            } else {
                queue.addLast(echo);
            }
        }
    }
}
