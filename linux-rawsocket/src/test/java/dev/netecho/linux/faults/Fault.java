// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import java.util.concurrent.atomic.AtomicLong;

/** An error that a system call gives instead of being made, for the first {@code times} of its calls. */
final class Fault {
    static final long FOR_EVER = Long.MAX_VALUE;

    /** An error number that no system has: the call finds no memory in the JVM. */
    static final int NO_MEMORY = -1;

    /** As {@link SystemCalls} names it. */
    final String call;

    final int errno;

    /** How long a call waits before it fails. */
    final long waitNanos;

    private final AtomicLong left;
    private final AtomicLong given = new AtomicLong();

    Fault(String call, int errno, long times) {
        this(call, errno, times, 0);
    }

    Fault(String call, int errno, long times, long waitNanos) {
        this.call = call;
        this.errno = errno;
        this.waitNanos = waitNanos;
        this.left = new AtomicLong(times);
    }

    /** {@return whether this call is to fail} */
    boolean strikes(String name) {
        if (!call.equals(name) || left.getAndUpdate(n -> n > 0 && n != FOR_EVER ? n - 1 : n) <= 0) {
            return false;
        }
        given.incrementAndGet();
        return true;
    }

    /** {@return how often it was given} */
    long given() {
        return given.get();
    }
}
