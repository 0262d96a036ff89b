// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoOutcome;

/** Where {@link PendingEcho} tells what happened to it; core implements it, engines do not see it. */
public interface EchoCompletion {
    /**
     * The request was handed to the operating system. Called at most once, before {@link #completed}.
     *
     * @param pending the request
     */
    void sent(PendingEcho pending);

    /**
     * The request has its outcome. Called exactly once.
     *
     * @param pending the request
     * @param outcome its outcome
     * @param wasSent whether {@link #sent} was called before
     */
    void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent);
}
