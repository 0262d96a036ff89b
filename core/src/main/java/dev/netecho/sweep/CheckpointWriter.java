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

    /** Writes it after those before it. */
    void write(Checkpoint checkpoint) {
        await();
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
            failure = "the checkpoint " + file + " cannot be written: " + e
                    + "; make room or correct the permissions, or a new run begins anew";
            LOG.warn("sweep", "the checkpoint cannot be written", e);
        }
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

    /** {@return why the last one could not be written; null if all is well} */
    @Nullable
    String finish() {
        await();
        return failure;
    }
}
