// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoRequest;
import dev.netecho.spi.PendingEcho;
import org.jspecify.annotations.Nullable;

/** One call of the system: its memory until the completion has run, and its caller until the outcome. */
final class PendingCall {
    static final int NOT_WAITING = -1;

    final int number;
    final PendingEcho pending;
    final IcmpHandle handle;
    final RequestMemory memory;
    final long token;

    /** Before and after the call. */
    long calledNanos;

    long sentNanos;

    /** Its entry in the deadline wheel while its caller waits. */
    int slot = NOT_WAITING;

    /** When its completion is overdue. */
    long overdueNanos;

    /** Its place was given to another one, although the system may still have it. */
    boolean writtenOff;

    /** A close ends its request. Belongs to who collects those. */
    boolean closed;

    /** The call neither failed nor said that a completion follows. */
    boolean unconfirmed;

    /** The APC routine ran, and what it saw. */
    boolean arrived;

    long completedNanos;

    int ntStatus;
    long information;

    PendingCall(int number, PendingEcho pending, IcmpHandle handle, RequestMemory memory, long token) {
        this.number = number;
        this.pending = pending;
        this.handle = handle;
        this.memory = memory;
        this.token = token;
    }

    EchoRequest request() {
        return pending.request();
    }

    /** The next in the list of completions that wait for the worker. */
    @Nullable
    PendingCall nextArrived;
}
