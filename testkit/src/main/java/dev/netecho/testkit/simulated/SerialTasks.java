// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other on a daemon thread that exists only while there are tasks: an event loop. */
final class SerialTasks {
    private static final long KEEP_ALIVE_MILLIS = 50;

    /** While there is no memory, a task plans the next one again so often, after this pause. */
    private static final int MEMORY_ATTEMPTS = 10_000;

    private static final long MEMORY_PAUSE_NANOS = 1_000_000;

    private final ThreadPoolExecutor executor = new ThreadPoolExecutor(
            1, 1, KEEP_ALIVE_MILLIS, TimeUnit.MILLISECONDS, new LinkedBlockingQueue<>(), task -> {
                Thread thread = new Thread(task, "netecho-simulated");
                thread.setDaemon(true);
                return thread;
            });
    private final List<Throwable> failures = new ArrayList<>();
    private volatile @Nullable Thread runner;

    SerialTasks() {
        executor.allowCoreThreadTimeOut(true);
    }

    /** {@return whether the calling thread is running a task} */
    boolean inTurn() {
        return Thread.currentThread().equals(runner);
    }

    /** Runs the task after all earlier ones. Never blocks, except that a task waits for memory. */
    void execute(Runnable task) {
        for (int left = inTurn() ? MEMORY_ATTEMPTS : 0; ; left--) {
            try {
                executor.execute(() -> run(task));
                return;
            } catch (OutOfMemoryError e) {
                if (left == 0) {
                    throw e;
                }
                LockSupport.parkNanos(MEMORY_PAUSE_NANOS);
            }
        }
    }

    private void run(Runnable task) {
        runner = Thread.currentThread();
        try {
            task.run();
        } catch (RuntimeException | Error e) {
            failed(e); // the others must still run
        } finally {
            runner = null;
        }
    }

    /** Stores a failure for {@link #throwFailures}, if there is memory. */
    void failed(Throwable thrown) {
        synchronized (failures) {
            try {
                failures.add(thrown);
            } catch (OutOfMemoryError e) {
                // It is not told, and the thread goes on.
            }
        }
    }

    /** Throws all failures since the last call. */
    void throwFailures() {
        IllegalStateException all;
        synchronized (failures) {
            if (failures.isEmpty()) {
                return;
            }
            all = new IllegalStateException("the simulated network failed: " + failures.get(0), failures.get(0));
            failures.stream().skip(1).forEach(all::addSuppressed);
            failures.clear();
        }
        throw all;
    }
}
