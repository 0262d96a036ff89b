// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import java.util.concurrent.TimeUnit;

/**
 * How long this process did not run though it wanted to: a thread that sleeps for a millisecond, again and again, and
 * finds out how late it is woken. What is late by no more than that was held up by the machine or the collector, not by
 * the engine.
 */
final class Hiccups {
    private static final long SLEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

    private volatile long longest;

    private Hiccups() {}

    static Hiccups start() {
        Hiccups hiccups = new Hiccups();
        Thread thread = new Thread(hiccups::watch, "hiccups");
        thread.setDaemon(true);
        thread.start();
        return hiccups;
    }

    private void watch() {
        try {
            while (true) {
                long before = System.nanoTime();
                TimeUnit.NANOSECONDS.sleep(SLEEP_NANOS);
                longest = Math.max(longest, System.nanoTime() - before - SLEEP_NANOS);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return the longest in milliseconds} */
    double longestMillis() {
        return longest / 1e6;
    }
}
