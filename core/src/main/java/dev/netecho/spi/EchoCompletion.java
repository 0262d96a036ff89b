// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoOutcome;

/** Where {@link PendingEcho} tells what happened to it; core implements it, engines do not see it. */
public interface EchoCompletion {
    /**
     * The request was handed to the operating system. Called at most once; {@link #completed} may come first when another
     * thread completes the request at that very moment.
     *
     * @param pending the request
     */
    void sent(PendingEcho pending);

    /**
     * The request has its outcome. Called exactly once.
     *
     * @param pending the request
     * @param outcome its outcome
     * @param wasSent whether the request had been handed to the system: {@link #sent} was called, or is about to be
     */
    void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent);
}
