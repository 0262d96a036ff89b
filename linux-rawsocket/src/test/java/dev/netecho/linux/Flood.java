// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoListener;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Two threads that keep 2,000 requests to loopback in flight until it is closed. */
final class Flood implements AutoCloseable {
    private static final int IN_FLIGHT = 2_000;

    private final EchoRequester requester;
    private final Semaphore credit = new Semaphore(IN_FLIGHT);
    private final LongAdder outcomes = new LongAdder();
    private final List<Thread> threads = new ArrayList<>();
    private volatile boolean stopped;

    Flood(EchoRequester requester) {
        this.requester = requester;
        for (int i = 0; i < 2; i++) {
            Thread thread = new Thread(this::send, "flood-" + i);
            threads.add(thread);
            thread.start();
        }
    }

    private void send() {
        EchoRequest request = Loopback.request(Loopback.V4, Duration.ofSeconds(5));
        EchoListener listener = (asked, outcome) -> {
            outcomes.increment();
            credit.release();
        };
        try {
            while (!stopped) {
                if (credit.tryAcquire(10, TimeUnit.MILLISECONDS)) {
                    requester.sendAsync(request, listener);
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    long outcomes() {
        return outcomes.sum();
    }

    /** Ends the threads; what they sent last may still be in flight. */
    @Override
    public void close() {
        stopped = true;
        Await.until("the flood ends", () -> threads.stream().noneMatch(Thread::isAlive));
    }
}
