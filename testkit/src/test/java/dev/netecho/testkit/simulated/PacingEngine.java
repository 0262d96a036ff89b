// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.backend.SendPace;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.PendingEcho;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Keeps a pace of its own in front of an engine without one. */
class PacingEngine extends ForwardingEngine {
    private final SimulatedClock clock;
    private final SendPace pace;
    private final Set<PendingEcho> queue = new LinkedHashSet<>();
    private boolean waiting;
    private boolean closed;

    PacingEngine(SimulatedNetwork network, EchoConfig config) {
        super(network.open(unpaced(network, config), network.behind()));
        this.clock = network.clock();
        this.pace = SendPace.of(config, 0);
    }

    /** {@return the same configuration without a bound on the rate} */
    static EchoConfig unpaced(SimulatedNetwork network, EchoConfig config) {
        return new EchoConfig(config.name(), Map.of(SimulatedOptions.NETWORK, network), config.counters());
    }

    /** {@return whether the next packet may be sent now} */
    boolean isDue(SendPace limit) {
        return limit.take(clock.nanoTime());
    }

    /** {@return when to look again} */
    long nextTurn(SendPace limit) {
        return limit.nextNanos();
    }

    @Override
    public void submit(PendingEcho pending) {
        boolean accepted;
        synchronized (queue) {
            accepted = !closed && queue.add(pending);
        }
        if (accepted) {
            sendDue(); // at once, for time may pass before a task of the clock's turn
        } else {
            super.submit(pending);
        }
    }

    private void sendDue() {
        for (PendingEcho next = next(); next != null; next = next()) {
            super.submit(next);
        }
    }

    private @Nullable PendingEcho next() {
        synchronized (queue) {
            if (queue.isEmpty() || waiting) {
                return null;
            }
            if (!isDue(pace)) {
                waiting = true;
                clock.deadline(nextTurn(pace), this::wake);
                return null;
            }
            PendingEcho first = queue.iterator().next();
            queue.remove(first);
            return first;
        }
    }

    private void wake() {
        synchronized (queue) {
            waiting = false;
        }
        sendDue();
    }

    @Override
    public void cancelled(PendingEcho pending) {
        boolean queued;
        synchronized (queue) {
            queued = queue.remove(pending);
        }
        if (queued) {
            pending.letGo();
        } else {
            super.cancelled(pending);
        }
    }

    @Override
    public void close() {
        List<PendingEcho> unsent;
        synchronized (queue) {
            closed = true;
            unsent = List.copyOf(queue);
            queue.clear();
        }
        super.close();
        unsent.forEach(pending -> pending.complete(CLOSED));
    }
}
