// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Lets a run that is interrupted (SIGINT, SIGTERM, SIGHUP) finish its report and choose the exit status.
 *
 * <p>The JVM has decided on status 130 or 143 when a shutdown hook runs; only {@link Runtime#halt} can still change it.
 */
final class InterruptHook {
    /** A reader that takes nothing for so long must not keep the process; one that is slow gets everything. */
    private static final long PATIENCE_MILLIS = 10_000;

    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private volatile @Nullable PingRun run;

    private final LongSupplier written;

    InterruptHook(LongSupplier written) {
        this.written = written;
    }

    /** Says what to do on an interrupt; {@code written} is what has been printed so far, in bytes. */
    static InterruptHook install(LongSupplier written) {
        InterruptHook hook = new InterruptHook(written);
        Runtime.getRuntime().addShutdownHook(new Thread(hook::interrupted, "netecho-interrupt"));
        return hook;
    }

    /** Says what is to be stopped on an interrupt; without it an interrupt ends the process at once. */
    void running(PingRun started) {
        run = started;
    }

    boolean isRunning() {
        return run != null;
    }

    /** Has an interim summary printed if a run is under way. */
    void summarize() {
        PingRun current = run;
        if (current != null) {
            current.summarize();
        }
    }

    /** Says that everything is printed; an exit from here on keeps its own status. */
    void finished(int exitStatus) {
        status.complete(exitStatus);
    }

    private void interrupted() {
        PingRun current = run;
        if (current == null || status.isDone()) {
            return;
        }
        current.stop();
        Runtime.getRuntime().halt(awaitStatus(PATIENCE_MILLIS));
    }

    /**
     * {@return the status of the run, however long its report takes, as long as some of it is taken within each
     * patience}
     */
    int awaitStatus(long patienceMillis) {
        long before;
        long now = written.getAsLong();
        do {
            before = now;
            try {
                return status.get(patienceMillis, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                now = written.getAsLong();
            } catch (InterruptedException | ExecutionException e) {
                return ExitStatus.UNANSWERED;
            }
        } while (now != before);
        return ExitStatus.UNANSWERED;
    }
}
