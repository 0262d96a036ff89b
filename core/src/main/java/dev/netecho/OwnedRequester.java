// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import java.lang.ref.Cleaner;
import java.lang.ref.Reference;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/**
 * What the user holds. Nothing in the library refers to it: neither engines, nor their threads, nor requests. So the
 * garbage collector finds out when the user drops it without {@link #close} (SPEC END-6).
 *
 * <p>Until a request has its place it is not outstanding, and a requester that owes nothing may be closed. So this
 * object has to be reachable until then, whatever the compiler makes of {@code open().sendAsync(request)}: hence the
 * fences (JLS 12.6.1).
 */
final class OwnedRequester implements EchoRequester {
    private final EngineRequester requester;
    private final Cleaner.Cleanable whenDropped;

    OwnedRequester(EngineRequester requester) {
        this.requester = requester;
        this.whenDropped = DroppedRequesters.watch(this, requester);
    }

    @Override
    public EchoOutcome send(EchoRequest request) throws InterruptedException {
        try {
            return requester.send(request);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public CompletableFuture<EchoOutcome> sendAsync(EchoRequest request) {
        try {
            return requester.sendAsync(request);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public EchoHandle sendAsync(EchoRequest request, EchoListener listener) {
        try {
            return requester.sendAsync(request, listener);
        } finally {
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public EchoStatistics statistics() {
        return requester.statistics();
    }

    @Override
    public Set<EchoCapability> capabilities() {
        return requester.capabilities();
    }

    @Override
    public String name() {
        return requester.name();
    }

    @Override
    public String provider() {
        return requester.provider();
    }

    @Override
    public boolean isOpen() {
        return requester.isOpen();
    }

    @Override
    public void checkMayWait(String call) {
        requester.checkMayWait(call);
    }

    @Override
    public void close() {
        try {
            requester.close();
        } finally {
            // Else it threw for lack of stack, and is to be watched as before.
            if (!requester.isOpen()) {
                // Without effect but that nothing waits for this object any more.
                whenDropped.clean();
            }
            Reference.reachabilityFence(this);
        }
    }

    @Override
    public String toString() {
        return requester.toString();
    }
}
