// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import dev.netecho.spi.PendingEcho;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * How long requests wait before the system has them. One of them at a time is watched, so that the others cost no clock
 * reading and no field. Thread-safe.
 */
final class QueueWatch {
    private volatile @Nullable PendingEcho watched;
    private volatile long since;
    private volatile long lastNanos;

    /** A request was accepted and is about to be queued. If two threads begin at once, one of them is not watched. */
    void accepted(PendingEcho echo) {
        if (watched == null) {
            since = System.nanoTime();
            watched = echo;
        }
    }

    /** A request no longer waits: it is with the system, or over. */
    @SuppressWarnings("ReferenceEquality") // a request is itself and no other
    void left(PendingEcho echo) {
        if (watched == echo) {
            // Another thread may just have begun.
            lastNanos = Math.max(0, System.nanoTime() - since);
            watched = null;
        }
    }

    /** {@return how long the request watched now has waited, or how long the last one did if that was longer} */
    Duration time() {
        long last = lastNanos;
        if (watched == null) {
            return Duration.ofNanos(last);
        }
        // Read after watched, as it is written before it: never that of an old request.
        long begun = since;
        return Duration.ofNanos(Math.max(last, System.nanoTime() - begun));
    }
}
