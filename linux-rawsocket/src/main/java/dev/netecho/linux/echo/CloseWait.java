// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import java.util.concurrent.TimeUnit;

/**
 * How long one call of close waits: five seconds in all, however many loops it waits for, because a listener may block
 * each indefinitely.
 */
public final class CloseWait {
    private static final long SECONDS = 5;

    private final long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(SECONDS);

    /** Starts the clock. */
    public CloseWait() {}

    /** {@return how many nanoseconds are left; 0 if none} */
    long nanosLeft() {
        return Math.max(0, deadline - System.nanoTime());
    }

    boolean isOver() {
        return nanosLeft() == 0;
    }
}
