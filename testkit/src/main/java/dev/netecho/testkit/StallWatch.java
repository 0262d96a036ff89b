// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/**
 * How late this machine has lately woken a thread that only sleeps. A test must not blame a backend for that: it may be
 * a garbage collection, a host that is short of processors, or other builds.
 */
final class StallWatch {
    private static final long STEP_NANOS = 5_000_000;

    /** Longer than the longest wait of a contract test; a stall is remembered for one or two of these periods. */
    private static final long PERIOD_NANOS = 10_000_000_000L;

    private volatile long longestNow;
    private volatile long longestBefore;

    private StallWatch() {}

    /** Starts a thread that ends with the process. */
    static StallWatch start() {
        StallWatch watch = new StallWatch();
        Thread thread = new Thread(watch::run, "contract-stall-watch");
        thread.setDaemon(true);
        thread.start();
        return watch;
    }

    /** {@return the longest stall of the last 10 to 20 seconds} */
    Duration longest() {
        return Duration.ofNanos(Math.max(longestNow, longestBefore));
    }

    private void run() {
        long before = System.nanoTime();
        long period = before;
        while (true) {
            LockSupport.parkNanos(STEP_NANOS);
            long now = System.nanoTime();
            if (now - period > PERIOD_NANOS) {
                longestBefore = longestNow;
                longestNow = 0;
                period = now;
            }
            longestNow = Math.max(longestNow, now - before - STEP_NANOS);
            before = now;
        }
    }
}
