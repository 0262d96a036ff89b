// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;

/** Tells a person or a program what a run finds. Called by one thread. */
interface PingReport {
    /** The first request is about to be sent. */
    void started();

    /** A request has ended; it is counted in the target's statistics already. */
    void outcome(TargetStatistics target, long sequence, EchoOutcome outcome);

    /** Time has passed; called several times a second. */
    default void tick() {}

    /** Something else is about to be printed, maybe on the same terminal. */
    default void interrupted() {}

    /** The run is over. */
    void finished(RunResult result);
}
