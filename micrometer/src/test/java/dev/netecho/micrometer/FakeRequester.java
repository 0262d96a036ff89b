// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import dev.netecho.EchoCapability;
import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;

/** Sends nothing. Its counters have moved on whenever they are read, and they always add up. */
final class FakeRequester implements EchoRequester {
    /** How often the statistics were read. */
    final AtomicLong reads = new AtomicLong();

    private final String name;

    FakeRequester(String name) {
        this.name = name;
    }

    @Override
    public EchoStatistics statistics() {
        long n = reads.incrementAndGet();
        return EchoStatistics.newBuilder()
                .sent(8 * n + 1)
                .replies(4 * n)
                .icmpErrors(IcmpErrorKind.HOST_UNREACHABLE, n)
                .icmpErrors(IcmpErrorKind.HOP_LIMIT_EXCEEDED, n)
                .timedOut(n)
                .notSent(NotSentReason.CANCELLED, n)
                .abandoned(n)
                .inFlight(1)
                .late(OptionalLong.of(n))
                .build();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String provider() {
        return "fake";
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return Set.of();
    }

    @Override
    public EchoOutcome send(EchoRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
