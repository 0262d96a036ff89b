// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoCapability;
import java.util.Set;

/**
 * A running backend: takes pending requests and completes each exactly once.
 *
 * <p>What an engine must do: send the request as it says or complete it with {@code NotSent}; call
 * {@link PendingEcho#markSent} when the system has it; count the timeout from that moment; complete it with the true
 * outcome; report stray packets to {@link EchoCounters}. What it need not do, because core has done it: check arguments
 * and destinations, check {@link #capabilities()}, bound the outstanding requests, run listeners elsewhere. All methods
 * may be called from any thread.
 *
 * <p>{@link PendingEcho#complete} may run a listener, which may block, throw nothing, take long, or call any method of
 * the requester, {@link #close} included. An engine calls it where its own state is consistent and no lock is held.
 * What listeners ask for comes back as {@link #submit} and {@link #cancelled} inside that call; outcomes never do (SPEC
 * OUT-8).
 */
public interface EchoEngine {
    /**
     * Takes a request. Never blocks and throws nothing but an {@link Error} for lack of memory or stack: then core
     * gives the request up, whether or not the engine has taken it, and the engine goes on for the others. After
     * {@link #close} it completes the request with {@code NotSent(CLOSED)}.
     *
     * @param pending the request
     */
    void submit(PendingEcho pending);

    /**
     * Says that the caller has given a request up and that it is complete already. Called after {@link #submit} has
     * returned, by any thread, at most once for a request.
     *
     * <p>The engine frees the slot at once (SPEC END-1). Sooner or later it calls {@link PendingEcho#letGo}, once
     * nothing of it refers to the request: it was found in its slot, or unlinked from a queue, or had left both before.
     * Until then the request counts against the bound on what the engine holds: core lets 1,024 such requests go
     * unnoticed, and each one beyond that keeps its place (SPEC END-1). So a queue that waits, as for {@code maxRate},
     * must let its cancelled requests go without waiting, at a constant cost for each on average: for instance by going
     * through the queue when more than half of it is cancelled. {@link #close} lets go of everything.
     *
     * @param pending the request
     */
    void cancelled(PendingEcho pending);

    /** {@return whether the calling thread is the one that completes requests} */
    boolean inEngineThread();

    /** {@return what this engine can do; constant} */
    Set<EchoCapability> capabilities();

    /**
     * {@return why the system gave this engine less than it can do, such as the error of the one family that is
     * missing; empty if it gave everything} Constant; the outcome of a request that needs what is missing ends with it.
     */
    default String shortfall() {
        return "";
    }

    /**
     * Completes every outstanding request with {@code NotSent(CLOSED)} and releases everything. Idempotent; bounded in
     * time; does not wait when called on the engine's thread.
     *
     * <p>Foreign code may hold the engine's thread inside {@link PendingEcho#complete}. Its outcomes must not wait for
     * it (SPEC END-2): the calling thread completes all other requests itself, whether they are in flight, queued or
     * just handed in. What the held thread owns alone is released when it comes back.
     */
    void close();
}
