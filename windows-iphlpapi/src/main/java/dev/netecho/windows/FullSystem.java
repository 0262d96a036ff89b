// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.spi.PendingEcho;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The request for which the system had no room, and since when it has none (SPEC LOAD-3). The requests after it wait in
 * the queue. Their wait for the same lack counts for them too, so many do not wait one after the other. Not
 * thread-safe, except {@link #waiting}.
 */
final class FullSystem {
    /** Only a completion of this engine shows that there is room again. */
    private static final long RETRY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

    private volatile @Nullable PendingEcho waiting;
    private boolean full;
    private long sinceNanos;
    private long retryNanos;

    /**
     * Is told that the system refused a request for lack of room.
     *
     * @return whether it waits now; false if the lack has lasted longer than its timeout
     */
    boolean refused(PendingEcho echo, long nowNanos) {
        if (!full) {
            full = true;
            sinceNanos = nowNanos;
        }
        long left = echo.request().timeoutNanos() - (nowNanos - sinceNanos);
        if (left <= 0) {
            return false;
        }
        waiting = echo;
        retryNanos = nowNanos + Math.min(RETRY_NANOS, left);
        return true;
    }

    /** Is told that the system took a request, or that none needs room any more. */
    void ended() {
        full = false;
    }

    /** Is told that the system ended a request: there may be room. */
    void completed(long nowNanos) {
        retryNanos = nowNanos;
    }

    /** {@return the one that waits; from any thread; null if none does} */
    @Nullable
    PendingEcho waiting() {
        return waiting;
    }

    boolean isWaiting() {
        return waiting != null;
    }

    /** {@return whether the one that waits may be tried again, or has left} */
    boolean isDue(long nowNanos) {
        PendingEcho echo = waiting;
        return echo != null && (retryNanos - nowNanos <= 0 || echo.isDone());
    }

    /** {@return the one that waits, and takes it out; null if none does} */
    @Nullable
    PendingEcho take() {
        PendingEcho taken = waiting;
        waiting = null;
        return taken;
    }

    /** {@return when to try again; {@link Long#MAX_VALUE} if none waits} */
    long nextNanos() {
        return waiting == null ? Long.MAX_VALUE : retryNanos;
    }
}
