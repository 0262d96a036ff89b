// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Lets a run that is interrupted (SIGINT, SIGTERM, SIGHUP) finish its report and choose the exit status.
 *
 * <p>The JVM has decided on status 130 or 143 when a shutdown hook runs; only {@link Runtime#halt} can still change it.
 */
final class InterruptHook {
    /** Longer than any summary takes to print; a reader that blocks standard output must not keep the process. */
    private static final long PATIENCE_MILLIS = 3_000;

    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private volatile @Nullable Runnable stop;

    private InterruptHook() {}

    static InterruptHook install() {
        InterruptHook hook = new InterruptHook();
        Runtime.getRuntime().addShutdownHook(new Thread(hook::interrupted, "netecho-interrupt"));
        return hook;
    }

    /** Says what ends the run early; without it an interrupt ends the process at once. */
    void onInterrupt(Runnable stop) {
        this.stop = stop;
    }

    /** Says that everything is printed; an exit from here on keeps its own status. */
    void finished(int exitStatus) {
        status.complete(exitStatus);
    }

    private void interrupted() {
        Runnable stopping = stop;
        if (stopping == null || status.isDone()) {
            return;
        }
        stopping.run();
        int exitStatus;
        try {
            exitStatus = status.get(PATIENCE_MILLIS, TimeUnit.MILLISECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            exitStatus = ExitStatus.UNANSWERED;
        }
        Runtime.getRuntime().halt(exitStatus);
    }
}
