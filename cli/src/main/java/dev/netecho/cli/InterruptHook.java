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
 * <p>When a shutdown hook runs, the JVM has already chosen status 130 or 143; only {@link Runtime#halt} can change it.
 */
final class InterruptHook {
    /** A reader that takes nothing for this long must not keep the process; a slow one gets everything. */
    private static final long PATIENCE_MILLIS = 10_000;

    private final CompletableFuture<Integer> status = new CompletableFuture<>();
    private volatile @Nullable Interruptible run;

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

    /** Says which run an interrupt stops; without it an interrupt ends the process at once. */
    void running(Interruptible started) {
        run = started;
    }

    boolean isRunning() {
        return run != null;
    }

    /** Has an interim summary printed if a run is under way. */
    void summarize() {
        Interruptible current = run;
        if (current != null) {
            current.summarize();
        }
    }

    void reload() {
        Interruptible current = run;
        if (current != null) {
            current.reload();
        }
    }

    /** {@return whether SIGHUP is for the run, and not to end it} */
    boolean reloads() {
        Interruptible current = run;
        return current != null && current.reloads();
    }

    /** Says that everything is printed; an exit from here on keeps its status. */
    void finished(int exitStatus) {
        status.complete(exitStatus);
    }

    private void interrupted() {
        Interruptible current = run;
        if (current == null || status.isDone()) {
            return;
        }
        current.stop();
        Runtime.getRuntime().halt(awaitStatus(PATIENCE_MILLIS));
    }

    /**
     * {@return the status of the run, however long its report takes, provided that the reader takes some of it within
     * each patience}
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
