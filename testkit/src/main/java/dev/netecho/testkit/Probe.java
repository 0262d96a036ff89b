// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** One request, its outcome, and how often its listener was called. Thread-safe. */
class Probe implements EchoListener {
    final EchoRequest request;
    final long askedNanos;
    private final ContractTime time;
    private final AtomicInteger calls = new AtomicInteger();
    private volatile @Nullable EchoOutcome outcome;
    private volatile @Nullable EchoRequest answered;
    private volatile long endedNanos;

    Probe(EchoRequest request, ContractTime time) {
        this.request = request;
        this.time = time;
        this.askedNanos = time.nanoTime();
    }

    @Override
    public void onOutcome(EchoRequest request, EchoOutcome outcome) {
        if (this.outcome == null) {
            endedNanos = time.nanoTime();
            answered = request;
            this.outcome = outcome;
        }
        calls.incrementAndGet();
    }

    boolean isDone() {
        return outcome != null;
    }

    int calls() {
        return calls.get();
    }

    EchoOutcome outcome() {
        return Objects.requireNonNull(outcome, () -> "there is no outcome of " + request);
    }

    /** {@return whether the listener was given the same request object that it was registered for} */
    @SuppressWarnings("ReferenceEquality") // an equal one is another
    boolean isOfItsRequest() {
        return answered == request;
    }

    /** {@return the time from asking to the outcome} */
    long elapsedNanos() {
        return endedNanos - askedNanos;
    }
}
