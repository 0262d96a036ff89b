// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.EchoOutcome;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/**
 * The way out of an event loop: requests get their outcome here, and stray packets are counted. Belongs to who holds
 * {@link #lock}, but for the counters.
 */
final class Outcomes {
    /** How a failure of the engine is logged. */
    static final String DEFECT = "unexpected failure in the engine; it keeps running";

    /**
     * Held by the loop, except while it runs user code, which it does in {@link #complete} only, and while it sleeps.
     */
    final LoopLock lock = new LoopLock();

    /** Those that failed through an error of the engine. */
    final FailedRequests failed = new FailedRequests();

    /** The last failure, to be logged at the end of the round, when the lock is free. */
    @Nullable
    Throwable defect;

    /** Every requester that shares the sockets: a packet that no request owns is counted by all of them. */
    private final List<EchoCounters> counters = new CopyOnWriteArrayList<>();

    private final LoopState state;

    Outcomes(LoopState state) {
        this.state = state;
    }

    void add(EchoCounters more) {
        more.observe(Stray.values());
        counters.add(more);
    }

    void remove(EchoCounters gone) {
        counters.remove(gone);
    }

    void count(Stray stray) {
        count(stray, 1);
    }

    void count(Stray stray, long number) {
        for (EchoCounters each : counters) {
            each.count(stray, number);
        }
    }

    /** Says for how long the loop's thread was kept from its work. */
    void held(long nanos) {
        for (EchoCounters each : counters) {
            each.held(nanos);
        }
    }

    /**
     * Gives a request that is in no slot and no queue any more its outcome, and so runs user code; usually on the
     * loop's thread. Meanwhile other threads may take out requests, so the caller must look again at what is left.
     */
    void complete(PendingEcho echo, EchoOutcome outcome) {
        state.move();
        lock.unlock();
        try {
            if (!echo.complete(outcome)) {
                echo.letGo();
            }
            lock.lock();
        } catch (RuntimeException | Error e) {
            lock.lock();
            defect = e;
            if (!echo.isDone()) { // usually no memory
                failed.add(echo);
                throw e;
            }
        }
    }

    /** Completes requests that have failed; one that cannot be completed stays. */
    void deliverFailed() {
        for (PendingEcho echo = failed.poll(); echo != null; echo = failed.poll()) {
            complete(echo, failed.outcome());
        }
    }
}
