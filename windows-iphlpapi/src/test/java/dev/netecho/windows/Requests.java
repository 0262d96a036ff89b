// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.testkit.backend.LoneEcho;
import dev.netecho.testkit.backend.StrayCounts;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests for an engine without a requester, and what became of them. */
final class Requests {
    final StrayCounts counters = new StrayCounts();

    /** How many requests the system was given. */
    final AtomicInteger sent = new AtomicInteger();

    /** How many cancelled requests the engine has let go. */
    final AtomicInteger letGo = new AtomicInteger();

    /** So many outcomes cannot be given, for lack of memory. */
    final AtomicInteger endsFail = new AtomicInteger();

    /** A request and its outcome. */
    record Asked(LoneEcho pending, CompletableFuture<EchoOutcome> outcome) {
        EchoOutcome await() {
            try {
                return outcome.get(20, TimeUnit.SECONDS);
            } catch (InterruptedException | ExecutionException | TimeoutException e) {
                throw new AssertionError("no outcome of " + pending.request(), e);
            }
        }

        boolean isDone() {
            return outcome.isDone();
        }
    }

    Asked ask(EchoRequest request) {
        LoneEcho pending = new LoneEcho(request, counters) {
            @Override
            protected void onSent() {
                sent.incrementAndGet();
            }

            @Override
            protected void onEnding() {
                if (endsFail.get() > 0) {
                    endsFail.decrementAndGet();
                    throw new OutOfMemoryError("by the test");
                }
            }

            @Override
            protected void onLetGo() {
                letGo.incrementAndGet();
            }
        };
        return new Asked(pending, pending.outcome());
    }

    static EchoRequest to(String destination, Duration timeout) {
        return EchoRequest.newBuilder(address(destination)).timeout(timeout).build();
    }

    static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal + " is not a literal address", e);
        }
    }
}
