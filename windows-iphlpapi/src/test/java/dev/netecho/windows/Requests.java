// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.spi.EchoCompletion;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;

/** Requests for an engine, counted as core counts them. */
final class Requests {
    final EchoCounters counters = new EchoCounters();

    /** How many cancelled requests the engine has let go. */
    final AtomicInteger letGo = new AtomicInteger();

    /** So many outcomes cannot be given, for lack of memory. */
    final AtomicInteger endsFail = new AtomicInteger();

    /** A request and its outcome; a second outcome is an assertion error. */
    record Asked(PendingEcho pending, CompletableFuture<EchoOutcome> outcome) {
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
        CompletableFuture<EchoOutcome> future = new CompletableFuture<>();
        PendingEcho pending = new PendingEcho(request, (r, o) -> {}, new EchoCompletion() {
            @Override
            public void sent(PendingEcho echo) {
                counters.sent();
            }

            @Override
            public void completing(PendingEcho echo) {
                if (endsFail.get() > 0) {
                    endsFail.decrementAndGet();
                    throw new OutOfMemoryError("by the test");
                }
            }

            @Override
            public void letGo(PendingEcho echo) {
                letGo.incrementAndGet();
            }

            @Override
            public void completed(PendingEcho echo, EchoOutcome outcome, boolean wasSent) {
                counters.completed(outcome, wasSent);
                if (!future.complete(outcome)) {
                    throw new AssertionError("a second outcome: " + outcome);
                }
            }
        });
        return new Asked(pending, future);
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
