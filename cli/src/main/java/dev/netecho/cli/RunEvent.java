// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** What the thread that reports a run hears of the others. */
sealed interface RunEvent permits Probe, RunEvent.StillWaiting, RunEvent.Moved, RunEvent.WakeUp {
    /**
     * A request has left before this one of the same target has ended.
     *
     * @param index that of the target
     * @param sequence that of the request without an outcome
     */
    record StillWaiting(int index, long sequence) implements RunEvent {}

    /**
     * A name has another address.
     *
     * @param index that of the target
     * @param target with the address that is used from now on
     */
    record Moved(int index, Target target) implements RunEvent {}

    /** Something else has changed. */
    enum WakeUp implements RunEvent {
        INSTANCE
    }
}
