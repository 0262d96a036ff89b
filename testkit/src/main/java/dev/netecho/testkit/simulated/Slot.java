// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoRequest;
import dev.netecho.backend.SlotState;
import dev.netecho.spi.PendingEcho;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** One identifier and sequence number, and the request that has it. */
final class Slot {
    final int key;
    final EchoRequest request;

    /** What the first eight bytes of the data were: the token, or the start of an explicit payload; 0 if shorter. */
    final long start;

    /** The token of the request that had the slot before; 0 if there was none. */
    final long earlierToken;

    final long sentNanos;
    final long dropsBefore;
    SlotState state = SlotState.STAGED;
    long endedNanos;
    SimulatedClock.@Nullable Event deadline;

    /** Null once it is over: its listener may refer to the requester, which must be missed if dropped (SPEC END-6). */
    private @Nullable PendingEcho pending;

    private final byte[] source;
    private final byte[] destination;

    Slot(int key, PendingEcho pending, byte[] source, long start, long earlierToken, long sentNanos, long dropsBefore) {
        this.key = key;
        this.request = pending.request();
        this.pending = pending;
        this.source = source;
        this.start = start;
        this.earlierToken = earlierToken;
        this.sentNanos = sentNanos;
        this.dropsBefore = dropsBefore;
        this.destination = request.destination().getAddress();
    }

    /** {@return whether it is in flight for this request} */
    @SuppressWarnings("ReferenceEquality") // a request is itself and no other
    boolean isOf(PendingEcho other) {
        return pending == other;
    }

    /** {@return the request, which is in flight} The slot forgets it. */
    PendingEcho take() {
        PendingEcho taken = Objects.requireNonNull(pending);
        pending = null;
        return taken;
    }

    boolean isDestination(byte[] address) {
        return Arrays.equals(destination, address);
    }

    boolean isSource(byte[] address) {
        return Arrays.equals(source, address);
    }

    boolean carriesToken() {
        return request.payload().carriesToken();
    }

    /** {@return the token of its request; 0 if its payload carries none} */
    long token() {
        return carriesToken() ? start : 0;
    }
}
