// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import dev.netecho.EchoOutcome;

/** Is told what happened to a {@link PendingEcho}; core implements it, engines do not see it. */
public interface EchoCompletion {
    /**
     * The request was handed to the operating system. Called at most once; {@link #completed} may come first when
     * another thread completes the request at the same time.
     *
     * @param pending the request
     */
    void sent(PendingEcho pending);

    /**
     * The request is about to get an outcome. Makes sure of the memory and stack that {@link #completed} and
     * {@link #cancelled} need: what this throws leaves the request as it was. Default: nothing.
     *
     * @param pending the request; another thread may be faster
     */
    default void completing(PendingEcho pending) {}

    /**
     * The request has its outcome, and was not cancelled. Called exactly once, unless {@link #cancelled} is.
     *
     * @param pending the request
     * @param outcome its outcome
     * @param wasSent whether the request had been handed to the system: {@link #sent} was called, or is about to be
     */
    void completed(PendingEcho pending, EchoOutcome outcome, boolean wasSent);

    /**
     * The request has its outcome because its caller gave it up. Called exactly once, unless {@link #completed} is; the
     * default calls that.
     *
     * @param pending the request
     * @param outcome its outcome
     * @param wasSent whether the request had been handed to the system
     */
    default void cancelled(PendingEcho pending, EchoOutcome outcome, boolean wasSent) {
        completed(pending, outcome, wasSent);
    }

    /**
     * The engine no longer refers to a cancelled request. Called at most once; it may come before {@link #cancelled}
     * when another thread lets it go at the same time. Default: nothing.
     *
     * @param pending the request
     */
    default void letGo(PendingEcho pending) {}
}
