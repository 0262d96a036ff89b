// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.spi.PendingEcho;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait, first in, first out, linked through the requests themselves: so it needs no memory. Not thread-safe.
 */
final class EchoQueue {
    private @Nullable PendingEcho first;
    private @Nullable PendingEcho last;
    private int size;

    boolean isEmpty() {
        return first == null;
    }

    int size() {
        return size;
    }

    void addLast(PendingEcho echo) {
        echo.next(null);
        if (last == null) {
            first = echo;
        } else {
            last.next(echo);
        }
        last = echo;
        size++;
    }

    void addFirst(PendingEcho echo) {
        echo.next(first);
        if (first == null) {
            last = echo;
        }
        first = echo;
        size++;
    }

    /** {@return the oldest, which stays; null if there is none} */
    @Nullable
    PendingEcho peek() {
        return first;
    }

    /** {@return the oldest, which is taken out; null if there is none} */
    @Nullable
    PendingEcho poll() {
        PendingEcho echo = first;
        if (echo != null) {
            first = echo.next();
            echo.next(null);
            if (first == null) {
                last = null;
            }
            size--;
        }
        return echo;
    }
}
