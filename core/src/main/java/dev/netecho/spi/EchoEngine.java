// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoCapability;
import java.util.Set;

/**
 * A running backend: takes pending requests and completes each exactly once.
 *
 * <p>What an engine must do: send the request as it says or complete it with {@code NotSent}; call {@link
 * PendingEcho#markSent} when the system has it; count the timeout from that moment; complete it with the true outcome;
 * report stray packets to {@link EchoCounters}. What it need not do, because core has done it: check arguments and
 * destinations, check {@link #capabilities()}, bound the outstanding requests, run listeners elsewhere. All methods may be
 * called from any thread.
 */
public interface EchoEngine {
    /**
     * Takes a request. Never blocks and never throws; after {@link #close} it completes the request with {@code
     * NotSent(CLOSED)}.
     *
     * @param pending the request
     */
    void submit(PendingEcho pending);

    /**
     * Says that the caller has given a request up and that it is complete already, so that its slot can be freed.
     *
     * @param pending the request
     */
    void cancelled(PendingEcho pending);

    /** {@return whether the calling thread is the one that completes requests} */
    boolean inEngineThread();

    /** {@return what this engine can do; constant} */
    Set<EchoCapability> capabilities();

    /**
     * Completes every outstanding request with {@code NotSent(CLOSED)} and releases everything. Idempotent; bounded in
     * time; does not wait when called on the engine's thread.
     */
    void close();
}
