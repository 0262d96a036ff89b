// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

import dev.netecho.EchoCapability;
import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** A requester that does what another does, and a place to change requests and outcomes on their way. */
class ForwardingRequester implements EchoRequester {
    final EchoRequester inner;

    ForwardingRequester(EchoRequester inner) {
        this.inner = inner;
    }

    /** {@return what is sent instead of a request that goes to a listener; the listener is told of its own} */
    EchoRequest instead(EchoRequest request) {
        return request;
    }

    /** {@return what a listener is told} */
    EchoOutcome told(EchoOutcome outcome) {
        return outcome;
    }

    /** Tells the listener of the outcome. */
    void tell(EchoListener listener, EchoRequest request, EchoOutcome outcome) {
        listener.onOutcome(request, outcome);
    }

    @Override
    public EchoOutcome send(EchoRequest request) throws InterruptedException {
        return inner.send(request);
    }

    @Override
    public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
        return inner.sendAsync(request);
    }

    @Override
    public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
        if (request == null || listener == null) {
            return inner.sendAsync(request, listener);
        } else {
            return inner.sendAsync(instead(request), (sent, outcome) -> tell(listener, request, told(outcome)));
        }
    }

    @Override
    public EchoStatistics statistics() {
        return inner.statistics();
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return inner.capabilities();
    }

    @Override
    public String name() {
        return inner.name();
    }

    @Override
    public String provider() {
        return inner.provider();
    }

    @Override
    public void close() {
        inner.close();
    }
}
