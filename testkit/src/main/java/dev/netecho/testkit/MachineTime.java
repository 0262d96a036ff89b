// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/**
 * Real time. The tolerance is for two shared cores on which others build, and grows with stalls of the whole machine.
 */
final class MachineTime implements ContractTime {
    private static final StallWatch STALLS = StallWatch.start();
    private static final long LOOK_AGAIN_NANOS = TimeUnit.MICROSECONDS.toNanos(200);

    @Override
    public long nanoTime() {
        return System.nanoTime();
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration limit) {
        long deadline = System.nanoTime() + limit.toNanos();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - deadline > 0) {
                return condition.getAsBoolean();
            }
            LockSupport.parkNanos(LOOK_AGAIN_NANOS);
        }
        return true;
    }

    @Override
    public void pass(Duration time) {
        await(() -> false, time);
    }

    @Override
    public void stall(Duration time) {
        await(() -> false, time);
    }

    @Override
    public Duration tolerance() {
        return Duration.ofMillis(500).plus(STALLS.longest());
    }
}
