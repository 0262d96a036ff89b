// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** A load whose outcomes arrive on the engine's thread, which asks again there. */
abstract class AsyncLoad implements Load {
    final EchoRequester requester;
    private final List<EchoRequest> requests;
    private final int window;
    private final Semaphore ended = new Semaphore(0);

    // Written by the engine's thread alone, so that plain addition is enough.
    private final AtomicLong replies = new AtomicLong();
    private final AtomicLong others = new AtomicLong();
    private int next;
    private volatile boolean asking;

    AsyncLoad(EchoRequester requester, List<EchoRequest> requests, int window) {
        this.requester = requester;
        this.requests = requests;
        this.window = window;
    }

    /** Sends a request whose outcome goes to {@link #answered}. */
    abstract void ask(EchoRequest request);

    @Override
    public final void start() {
        asking = true;
        for (int i = 0; i < window; i++) {
            ask(requests.get(i % requests.size()));
        }
    }

    final void answered(EchoOutcome outcome) {
        AtomicLong counter = outcome instanceof EchoOutcome.Reply ? replies : others;
        counter.lazySet(counter.getPlain() + 1);
        if (asking) {
            next = next + 1 < requests.size() ? next + 1 : 0;
            ask(requests.get(next));
        } else {
            ended.release();
        }
    }

    @Override
    public final long replies() {
        return replies.get();
    }

    @Override
    public final long others() {
        return others.get();
    }

    @Override
    public final void stop() throws InterruptedException {
        asking = false;
        if (!ended.tryAcquire(window, PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException("only " + ended.availablePermits() + " of " + window
                    + " requests had their outcome after " + PATIENCE_SECONDS + " s");
        }
    }
}
