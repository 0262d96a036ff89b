// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import org.jspecify.annotations.Nullable;

/** What the thread that reports a run hears of the others. */
abstract sealed class RunEvent permits Probe, RunEvent.StillWaiting, RunEvent.Moved {
    /** The next in {@link RunEvents}, which guards it. */
    @Nullable
    RunEvent next;

    private final int index;

    /**
     * Constructs an event that is in no queue.
     *
     * @param index that of the target
     */
    RunEvent(int index) {
        this.index = index;
    }

    final int index() {
        return index;
    }

    /** A request has left before the one before it, of the same target, has ended. */
    static final class StillWaiting extends RunEvent {
        private final long sequence;

        StillWaiting(int index, long sequence) {
            super(index);
            this.sequence = sequence;
        }

        /** {@return that of the request without an outcome} */
        long sequence() {
            return sequence;
        }
    }

    /** A name has another address. */
    static final class Moved extends RunEvent {
        private final Target target;

        Moved(int index, Target target) {
            super(index);
            this.target = target;
        }

        /** {@return the target with the address that is used from now on} */
        Target target() {
            return target;
        }
    }
}
