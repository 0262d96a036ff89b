// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.spi.PendingEcho;
import java.util.IdentityHashMap;

/**
 * Since when the system has had no room for a request; holds only those that it refused, which is rare. Not
 * thread-safe.
 */
public final class RefusedRequests {
    private final IdentityHashMap<PendingEcho, Long> since = new IdentityHashMap<>();

    /** Constructs a list of no requests. */
    public RefusedRequests() {}

    /**
     * {@return whether there was no room for longer than the request's timeout, counted from the first refusal}
     *
     * @param echo the request, which was refused again
     * @param nowNanos the time now, a {@link System#nanoTime} value
     */
    public boolean isOverdue(PendingEcho echo, long nowNanos) {
        Long first = since.putIfAbsent(echo, nowNanos);
        return first != null && nowNanos - first > echo.request().timeoutNanos();
    }

    /**
     * Forgets a request that was sent or is over.
     *
     * @param echo the request
     */
    public void forget(PendingEcho echo) {
        if (!since.isEmpty()) {
            since.remove(echo);
        }
    }

    /** Forgets all. */
    public void clear() {
        since.clear();
    }
}
