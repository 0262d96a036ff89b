// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.LinuxOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/**
 * The process whose echoes per second are measured, with one event loop and with several: every one of many loopback addresses has one
 * request in flight, which its outcome sends again on the loop that the address belongs to.
 *
 * <p>Arguments: seconds per turn, pairs of turns, event loops. Prints a line of both rates for each pair.
 */
final class EventLoopTurns {
    private static final int TARGETS = 256;

    private EventLoopTurns() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        double seconds = Double.parseDouble(args[0]);
        int pairs = Integer.parseInt(args[1]);
        int loops = Integer.parseInt(args[2]);
        try (EchoRequester one = open(1);
                EchoRequester several = open(loops)) {
            rate(one, Math.max(1, seconds));
            rate(several, Math.max(1, seconds));
            for (int pair = 0; pair < pairs; pair++) {
                boolean first = pair % 2 == 0;
                double before = rate(first ? one : several, seconds);
                double after = rate(first ? several : one, seconds);
                System.out.printf(
                        Locale.ROOT, "pair one=%.1f several=%.1f%n", first ? before : after, first ? after : before);
            }
            System.out.println("end");
        }
    }

    private static EchoRequester open(int loops) throws Exception {
        return EchoRequester.newBuilder()
                .provider("linux-datagram")
                .option(LinuxOptions.EVENT_LOOPS, loops)
                .open();
    }

    private static double rate(EchoRequester requester, double seconds) throws InterruptedException {
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
