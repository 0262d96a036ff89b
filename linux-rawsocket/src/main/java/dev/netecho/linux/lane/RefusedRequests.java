// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.spi.PendingEcho;
import java.util.IdentityHashMap;

/** Since when the kernel has had no room for a request: only for those that were refused, which is rare. Not thread-safe. */
final class RefusedRequests {
    private final IdentityHashMap<PendingEcho, Long> since = new IdentityHashMap<>();

    /** {@return whether there was no room for longer than the request's timeout, counted from the first refusal} */
    boolean isGivenUp(PendingEcho echo, long nowNanos) {
        Long first = since.putIfAbsent(echo, nowNanos);
        return first != null && nowNanos - first > echo.request().timeoutNanos();
    }

    void forget(PendingEcho echo) {
        if (!since.isEmpty()) {
            since.remove(echo);
        }
    }
}
