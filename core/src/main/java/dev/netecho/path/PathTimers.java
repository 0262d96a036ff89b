// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;

/**
 * Runs the later steps of traces and searches, on daemon threads of their own: in the common pool of the JDK a task of
 * the program that blocks would hold them up. The threads end when there is nothing to do. Thread-safe.
 */
final class PathTimers {
    static final String NAME = "netecho-paths";

    /** A step may call a listener, which may block. */
    private static final int MOST_THREADS = 64;

    private static final long IDLE_SECONDS = 2;

    private static final ThreadPoolExecutor THREADS = new ThreadPoolExecutor(
            MOST_THREADS, MOST_THREADS, IDLE_SECONDS, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(null, task, NAME, 0, false);
                thread.setDaemon(true);
                return thread;
            });

    static {
        THREADS.allowCoreThreadTimeOut(true);
    }

    private PathTimers() {}

    /** Runs a task after some nanoseconds. */
    static void after(long nanos, Runnable task) {
        CompletableFuture.delayedExecutor(nanos, TimeUnit.NANOSECONDS, THREADS).execute(task);
    }
}
