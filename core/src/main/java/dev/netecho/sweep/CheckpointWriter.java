// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.backend.RateLimitedLog;
import java.io.IOException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Writes checkpoints on a thread of its own: to wait for the disk would let the buffers of the system overflow. All
 * methods belong to the thread of the sweep.
 */
final class CheckpointWriter {
    private static final RateLimitedLog LOG = new RateLimitedLog(Sweep.class);

    private final Path file;
    private @Nullable Thread thread;
    private volatile @Nullable String failure;

    CheckpointWriter(Path file) {
        this.file = file;
    }

    boolean isIdle() {
        return thread == null || !thread.isAlive();
    }

    /** Writes a copy, which takes the memory of the findings once more; only if {@link #isIdle}. */
    void write(Checkpoint checkpoint) {
        try {
            start(checkpoint.copy());
        } catch (OutOfMemoryError e) {
            // Of the heap, or no thread can be made. The next one may go well.
            failed(e);
        }
    }

    private void start(Checkpoint checkpoint) {
        Thread writing = new Thread(null, () -> put(checkpoint), "netecho-sweep-checkpoint", 0, false);
        writing.setDaemon(true);
        writing.start();
        thread = writing;
    }

    private void put(Checkpoint checkpoint) {
        try {
            checkpoint.write(file);
            failure = null;
        } catch (IOException | RuntimeException | Error e) {
            failed(e);
        }
    }

    private void failed(Throwable e) {
        failure = "the checkpoint " + file + " cannot be written: " + e
                + "; make room or correct the permissions, or a new run begins anew";
        LOG.warn("sweep", "the checkpoint cannot be written", e);
    }

    private void await() {
        boolean interrupted = false;
        while (thread != null && thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    /** {@return why this last one could not be written; null if all is well} */
    @Nullable
    String writeLast(Checkpoint checkpoint) {
        await();
        try {
            // An interrupted thread cannot write (java.nio.channels.InterruptibleChannel): another one does.
            start(checkpoint);
            await();
        } catch (OutOfMemoryError e) {
            put(checkpoint);
        }
        return failure;
    }
}
