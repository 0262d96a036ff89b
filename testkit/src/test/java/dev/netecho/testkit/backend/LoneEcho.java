// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.backend;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoCounters;
import dev.netecho.spi.PendingEcho;
import java.util.concurrent.CompletableFuture;

/** A request without a requester, for tests of what an engine does with it. A second outcome is an assertion error. */
public class LoneEcho extends PendingEcho {
    private final EchoCounters counters;
    private final CompletableFuture<EchoOutcome> outcome = new CompletableFuture<>();

    /** Constructs a request of a requester of its own. */
    public LoneEcho(EchoRequest request) {
        this(request, new StrayCounts());
    }

    /** Constructs a request of the requester that has these counters. */
    public LoneEcho(EchoRequest request, EchoCounters counters) {
        super(request);
        this.counters = counters;
    }

    /** {@return its outcome, once it has one} */
    public final CompletableFuture<EchoOutcome> outcome() {
        return outcome;
    }

    /** Cancels it as a caller does; the test tells the engine. */
    public final boolean cancel() {
        return cancel(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "by the test"));
    }

    @Override
    public EchoCounters counters() {
        return counters;
    }

    @Override
    protected void onOutcome(EchoOutcome ended, boolean wasSent) {
        if (!outcome.complete(ended)) {
            throw new AssertionError("a second outcome: " + ended);
        }
    }

    @Override
    protected void onCancelled(EchoOutcome.NotSent ended, boolean wasSent) {
        onOutcome(ended, wasSent);
    }
}
