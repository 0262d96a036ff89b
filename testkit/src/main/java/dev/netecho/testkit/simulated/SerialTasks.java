// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Runs tasks one after the other, as one thread would, on whatever thread comes: an event loop without a thread. */
final class SerialTasks {
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();
    private final AtomicInteger waiting = new AtomicInteger();
    private volatile @Nullable Thread runner;

    /** {@return whether the calling thread is running a task} */
    boolean inTurn() {
        return Thread.currentThread().equals(runner);
    }

    /** Runs the task before it returns, unless another one is running: then that one's thread will run it. */
    void execute(Runnable task) {
        tasks.add(task);
        if (waiting.getAndIncrement() > 0) {
            return;
        }
        Throwable thrown = null;
        do {
            runner = Thread.currentThread();
            try {
                tasks.remove().run();
            } catch (RuntimeException | Error e) {
                thrown = e; // the others must run all the same
            } finally {
                runner = null;
            }
        } while (waiting.decrementAndGet() > 0);
        if (thrown != null) {
            throw new IllegalStateException("a task of the simulated network failed", thrown);
        }
    }
}
