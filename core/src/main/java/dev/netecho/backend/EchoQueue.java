// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.spi.PendingEcho;
import org.jspecify.annotations.Nullable;

/**
 * Requests that wait, first in, first out, linked through the requests themselves: so it allocates nothing. Not
 * thread-safe.
 */
public final class EchoQueue {
    private @Nullable PendingEcho first;
    private @Nullable PendingEcho last;
    private int size;

    /** Constructs an empty queue. */
    public EchoQueue() {}

    /** {@return whether no request waits} */
    public boolean isEmpty() {
        return first == null;
    }

    /** {@return how many requests wait} */
    public int size() {
        return size;
    }

    /**
     * Adds a request as the youngest.
     *
     * @param echo the request, which is in no other list
     */
    public void addLast(PendingEcho echo) {
        echo.next(null);
        if (last == null) {
            first = echo;
        } else {
            last.next(echo);
        }
        last = echo;
        size++;
    }

    /**
     * Adds a request as the oldest.
     *
     * @param echo the request, which is in no other list
     */
    public void addFirst(PendingEcho echo) {
        echo.next(first);
        if (first == null) {
            last = echo;
        }
        first = echo;
        size++;
    }

    /** {@return the oldest, which stays; null if there is none} */
    @Nullable
    public PendingEcho peek() {
        return first;
    }

    /** {@return the oldest, which is taken out; null if there is none} */
    @Nullable
    public PendingEcho poll() {
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
