// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.EchoOutcome;

/** Reports a run to a person or a program. Called by one thread. */
interface PingReport {
    /** The first request is about to be sent. */
    void started();

    /**
     * A request has ended; the target's statistics already count it.
     *
     * @param outcome that of the probe
     */
    void outcome(TargetStatistics target, Probe probe, EchoOutcome outcome);

    /** A request has left before this one of the same target has ended; called only if the user wants to know. */
    default void outstanding(TargetStatistics target, long sequence) {}

    /** From now on another address is asked, because the name has it. */
    default void moved(Target before, Target now) {}

    /** Time has passed; called several times a second. */
    default void tick() {}

    /** Other text is about to be printed, perhaps on the same terminal. */
    default void interrupted() {}

    /** The run is over. */
    void finished(RunResult result);
}
