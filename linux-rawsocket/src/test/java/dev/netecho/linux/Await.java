// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what must become true. */
public final class Await {
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    private static final long LOOK_AGAIN_NANOS = 200_000;

    private Await() {}

    public static void until(String what, BooleanSupplier condition) {
        if (!within(PATIENCE, condition)) {
            throw new AssertionError(what + ": not within " + PATIENCE);
        }
    }

    /** {@return whether it became true in time} */
    public static boolean within(Duration patience, BooleanSupplier condition) {
        long end = System.nanoTime() + patience.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - end > 0) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return true;
    }
}
