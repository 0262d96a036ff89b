// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoOutcome;
import dev.netecho.spi.EchoEngine;
import dev.netecho.spi.PendingEcho;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongUnaryOperator;
import org.jspecify.annotations.Nullable;

/** Tells of time-outs later than at their deadlines, or never. */
final class LateTimeouts extends ForwardingEngine {
    /** A lateness: until the requester closes. */
    static final long FOR_EVER = Long.MAX_VALUE;

    private final SimulatedClock clock;
    private final LongUnaryOperator lateness;
    private final Set<PendingEcho> withheld = ConcurrentHashMap.newKeySet();

    /**
     * Puts itself in front of an engine.
     *
     * @param lateness of the nanoseconds of a timeout
     */
    private LateTimeouts(EchoEngine engine, SimulatedClock clock, LongUnaryOperator lateness) {
        super(engine);
        this.clock = clock;
        this.lateness = lateness;
    }

    static BrokenHarness.EngineWrapper by(LongUnaryOperator lateness) {
        return (engine, network, counters) -> new LateTimeouts(engine, network.clock(), lateness);
    }

    @Override
    @Nullable
    EchoOutcome outcome(PendingEcho pending, EchoOutcome outcome) {
        long late = lateness.applyAsLong(pending.request().timeoutNanos());
        if (!(outcome instanceof EchoOutcome.TimedOut silence) || late == 0) {
            return outcome;
        }
        withheld.add(pending);
        if (late != FOR_EVER) {
            clock.deadline(clock.nanoTime() + late, () -> {
                if (withheld.remove(pending)) {
                    pending.complete(
                            new EchoOutcome.TimedOut(silence.waited().plusNanos(late), silence.localDropsSuspected()));
                }
            });
        }
        return null;
    }

    @Override
    public void cancelled(PendingEcho pending) {
        withheld.remove(pending);
        super.cancelled(pending);
    }

    @Override
    public void close() {
        super.close();
        for (PendingEcho pending : List.copyOf(withheld)) {
            if (withheld.remove(pending)) {
                pending.complete(CLOSED);
            }
        }
    }
}
