// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** One request, and then its outcome on the way to the report. */
final class Probe extends RunEvent implements EchoListener {
    private final RunEvents events;
    private final Target target;
    private final long sequence;
    private final Instant asked = Instant.now();
    private volatile @Nullable EchoOutcome outcome;

    /**
     * Constructs a probe without an outcome.
     *
     * @param events takes the probe when it has one
     * @param index that of the target
     * @param target with the address that is asked
     * @param sequence the number of the request, from 1
     */
    Probe(RunEvents events, int index, Target target, long sequence) {
        super(index);
        this.events = events;
        this.target = target;
        this.sequence = sequence;
    }

    /** The engine's thread must not wait for standard output: it only puts the outcome into the queue. */
    @Override
    public void onOutcome(EchoRequest request, EchoOutcome outcome) {
        end(outcome);
    }

    void end(EchoOutcome outcome) {
        this.outcome = outcome;
        events.add(this);
    }

    Target target() {
        return target;
    }

    long sequence() {
        return sequence;
    }

    /** {@return when the request was handed to the library, by the wall clock} */
    Instant asked() {
        return asked;
    }

    /** {@return the outcome; null while there is none} */
    @Nullable
    EchoOutcome outcome() {
        return outcome;
    }
}
