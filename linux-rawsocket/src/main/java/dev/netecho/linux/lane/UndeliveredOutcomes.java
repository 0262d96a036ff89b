// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.spi.PendingEcho;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Outcomes that could not be delivered for lack of memory: they are delivered in a later round. Needs no memory itself. Belongs to the
 * loop.
 */
final class UndeliveredOutcomes {
    private static final int CAPACITY = 512;

    private static final EchoOutcome.NotSent FORGOTTEN = EchoOutcome.NotSent.because(
            NotSentReason.OVERLOADED,
            "this process had no memory for the outcome when it came, and too many others waited as well");

    private final @Nullable PendingEcho[] echoes = new PendingEcho[CAPACITY];
    private final @Nullable EchoOutcome[] outcomes = new EchoOutcome[CAPACITY];
    private int size;

    /** Those for which there is no room above. */
    private final EchoQueue more = new EchoQueue();

    int size() {
        return size + more.size();
    }

    void add(PendingEcho echo, EchoOutcome outcome) {
        if (size < CAPACITY) {
            echoes[size] = echo;
            outcomes[size++] = outcome;
        } else {
            more.addLast(echo);
        }
    }

    /** Delivers one, which comes back here if that fails. */
    void retry(Wire wire) {
        if (size > 0) {
            PendingEcho echo = Objects.requireNonNull(echoes[--size]);
            EchoOutcome outcome = Objects.requireNonNull(outcomes[size]);
            echoes[size] = null;
            outcomes[size] = null;
            wire.complete(echo, outcome);
        } else {
            PendingEcho echo = more.poll();
            if (echo != null) {
                wire.complete(echo, FORGOTTEN);
            }
        }
    }

    void collect(ClosedRequests closed) {
        int left = size;
        size = 0;
        for (int i = 0; i < left; i++) {
            PendingEcho echo = Objects.requireNonNull(echoes[i]);
            EchoOutcome outcome = outcomes[i];
            echoes[i] = null;
            outcomes[i] = null;
            if (closed.includes(echo)) {
                closed.addInFlight(echo);
            } else {
                echoes[size] = echo;
                outcomes[size++] = outcome;
            }
        }
        for (left = more.size(); left > 0; left--) {
            PendingEcho echo = Objects.requireNonNull(more.poll());
            if (closed.includes(echo)) {
                closed.addInFlight(echo);
            } else {
                more.addLast(echo);
            }
        }
    }
}
