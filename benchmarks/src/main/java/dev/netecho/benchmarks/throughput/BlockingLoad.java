// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;

/** Threads that block in {@link EchoRequester#send}, one request each. */
final class BlockingLoad implements Load {
    private final EchoRequester requester;
    private final List<EchoRequest> requests;
    private final List<Thread> threads = new ArrayList<>();
    private final LongAdder replies = new LongAdder();
    private final AtomicLong others = new AtomicLong();
    private final CountDownLatch ended;
    private volatile boolean asking;

    BlockingLoad(EchoRequester requester, List<EchoRequest> requests, int count, ThreadFactory factory) {
        this.requester = requester;
        this.requests = requests;
        this.ended = new CountDownLatch(count);
        for (int i = 0; i < count; i++) {
            int first = i;
            threads.add(factory.newThread(() -> ask(first)));
        }
    }

    private void ask(int first) {
        try {
            for (int i = first; asking; i++) {
                if (requester.send(requests.get(i % requests.size())) instanceof EchoOutcome.Reply) {
                    replies.increment();
                } else {
                    others.incrementAndGet();
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt(); // nobody interrupts a load but the end of its JVM
        } finally {
            ended.countDown();
        }
    }

    @Override
    public void start() {
        asking = true;
        threads.forEach(Thread::start);
    }

    @Override
    public long replies() {
        return replies.sum();
    }

    @Override
    public long others() {
        return others.get();
    }

    @Override
    public void stop() throws InterruptedException {
        asking = false;
        if (!ended.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
            throw new IllegalStateException(
                    ended.getCount() + " threads were still in send after " + PATIENCE_SECONDS + " s");
        }
    }
}
