// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** Every one of many loopback addresses has one request in flight, which its outcome sends again. */
final class ClosedLoop {
    private static final int TARGETS = 256;

    private ClosedLoop() {}

    /** {@return the echoes per second of a turn} */
    static double rate(EchoRequester requester, double seconds) throws InterruptedException {
        LongAdder replies = new LongAdder();
        CountDownLatch ended = new CountDownLatch(TARGETS);
        long start = System.nanoTime();
        long end = start + (long) (seconds * 1e9);
        List<EchoRequest> requests = new ArrayList<>();
        for (int i = 0; i < TARGETS; i++) {
            requests.add(EchoRequest.to(BenchAddress.loopback(i)));
        }
        EchoListener listener = new EchoListener() {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                if (outcome.isReply()) {
                    replies.increment();
                }
                if (outcome.isReply() && System.nanoTime() - end < 0) {
                    requester.sendAsync(request, this);
                } else {
                    ended.countDown();
                }
            }
        };
        requests.forEach(request -> requester.sendAsync(request, listener));
        if (!ended.await((long) seconds + 10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the loop does not end: " + requester.statistics());
        }
        return replies.sum() / ((System.nanoTime() - start) / 1e9);
    }
}
