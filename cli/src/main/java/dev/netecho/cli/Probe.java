// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.time.Instant;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/** One request, and then its outcome on the way to the report. */
final class Probe implements EchoListener {
    private final Queue<Probe> ended;
    private final int target;
    private final long sequence;
    private final Instant asked = Instant.now();
    private volatile @Nullable EchoOutcome outcome;

    Probe(Queue<Probe> ended, int target, long sequence) {
        this.ended = ended;
        this.target = target;
        this.sequence = sequence;
    }

    /** {@return what tells the reporting thread that a request has no outcome yet} */
    static Probe stillWaiting(Queue<Probe> ended, int target, long sequence) {
        return new Probe(ended, target, sequence);
    }

    /** The engine's thread must not wait for standard output: it only puts the outcome into the queue. */
    @Override
    public void onOutcome(EchoRequest request, EchoOutcome outcome) {
        end(outcome);
    }

    void end(EchoOutcome outcome) {
        this.outcome = outcome;
        ended.add(this);
    }

    int target() {
        return target;
    }

    long sequence() {
        return sequence;
    }

    /** {@return when the request was handed to the library, by the wall clock} */
    Instant asked() {
        return asked;
    }

    /** {@return the outcome; null for a probe that only wakes the reporting thread, or tells it of one} */
    @Nullable
    EchoOutcome outcome() {
        return outcome;
    }
}
