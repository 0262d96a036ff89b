// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import dev.netecho.EchoCapability;
import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoOutcome.Reply;
import dev.netecho.EchoOutcome.TimedOut;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.TimestampSource;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

/** Sends nothing, and ends each request at once as a test says. */
final class FakeRequester implements EchoRequester {
    final List<EchoRequest> asked = new CopyOnWriteArrayList<>();
    private final Map<String, EchoOutcome> outcomes = new ConcurrentHashMap<>();

    /** Whether a request is always under way. */
    volatile boolean busy;

    private final ExecutorService thread = Executors.newSingleThreadExecutor();

    /** Says how requests to an address end. Without that they are answered after 1.5 ms. */
    FakeRequester end(String address, EchoOutcome outcome) {
        outcomes.put(address, outcome);
        return this;
    }

    /** Has requests to an address answered again. */
    void forget(String address) {
        outcomes.remove(address);
    }

    static EchoOutcome timedOut(boolean drops) {
        return new TimedOut(Duration.ofSeconds(1), drops);
    }

    static EchoOutcome reply(EchoRequest request) {
        return new Reply(
                request.destination(),
                Duration.ofNanos(1_500_000),
                Duration.ZERO,
                TimestampSource.KERNEL,
                OptionalInt.of(61),
                request.payload(),
                true);
    }

    @Override
    public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
        asked.add(request);
        EchoOutcome outcome = outcomes.getOrDefault(request.destination().getHostAddress(), reply(request));
        thread.execute(() -> listener.onOutcome(request, outcome));
        return () -> false;
    }

    @Override
    public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EchoOutcome send(EchoRequest request) {
        throw new UnsupportedOperationException();
    }

    @Override
    public EchoStatistics statistics() {
        return EchoStatistics.newBuilder()
                .sent(asked.size())
                .inFlight(busy ? 1 : 0)
                .build();
    }

    @Override
    public String name() {
        return "fake";
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
    public void close() {
        thread.shutdown();
    }
}
