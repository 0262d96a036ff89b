// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.benchmarks.ProcessCost;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/**
 * The process whose processor time per echo is measured: a closed loop over so and so many addresses of the loopback
 * interface, each of which answers.
 *
 * <p>Arguments: seconds per turn, pairs of turns, and the numbers of destinations, the one to compare with first.
 * Prints a line of microseconds, and bytes allocated, per echo for each pair and each of the other numbers.
 */
final class DestinationLoop {
    private static final int WINDOW = 64;

    private final EchoRequester requester;

    private DestinationLoop(EchoRequester requester) {
        this.requester = requester;
    }

    /** The program. */
    public static void main(String[] args) throws Exception {
        double seconds = Double.parseDouble(args[0]);
        int pairs = Integer.parseInt(args[1]);
        List<EchoRequest[]> targets = new ArrayList<>();
        for (int i = 2; i < args.length; i++) {
            targets.add(requests(Integer.parseInt(args[i])));
        }
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider("linux-datagram").open()) {
            DestinationLoop loop = new DestinationLoop(requester);
            for (EchoRequest[] each : targets) {
                loop.turn(each, Math.max(1, seconds));
            }
            for (int pair = 0; pair < pairs; pair++) {
                for (EchoRequest[] many : targets.subList(1, targets.size())) {
                    boolean first = pair % 2 == 0;
                    Cost before = loop.turn(first ? targets.get(0) : many, seconds);
                    Cost after = loop.turn(first ? many : targets.get(0), seconds);
                    Cost few = first ? before : after;
                    Cost every = first ? after : before;
                    System.out.printf(
                            Locale.ROOT,
                            "pair destinations=%d few=%.4f many=%.4f bytes=%.2f%n",
                            many.length,
                            few.micros,
                            every.micros,
                            every.bytes);
                }
            }
            System.out.println("end");
        }
    }

    private static EchoRequest[] requests(int destinations) {
        EchoRequest[] requests = new EchoRequest[destinations];
        for (int i = 0; i < destinations; i++) {
            requests[i] = EchoRequest.to(BenchAddress.loopback(i));
        }
        return requests;
    }

    private record Cost(double micros, double bytes) {}

    /** A window of echoes that go round the targets; every outcome sends the next. */
    private final class Loop implements EchoListener {
        private final EchoRequest[] targets;
        private final long end;
        private final CountDownLatch ended = new CountDownLatch(WINDOW);
        private int next;
        private long replies;
        private long others;

        Loop(EchoRequest[] targets, long end) {
            this.targets = targets;
            this.end = end;
        }

        @Override
        public void onOutcome(EchoRequest request, EchoOutcome outcome) {
            if (outcome.isReply()) {
                replies++;
            } else {
                others++;
            }
            if (System.nanoTime() - end >= 0) {
                ended.countDown();
            } else {
                send();
            }
        }

        void send() {
            EchoRequest target = targets[next];
            next = next + 1 == targets.length ? 0 : next + 1;
            requester.sendAsync(target, this);
        }
    }

    private Cost turn(EchoRequest[] targets, double seconds) throws InterruptedException {
        ProcessCost before = ProcessCost.before();
        Loop loop = new Loop(targets, System.nanoTime() + (long) (seconds * 1e9));
        // The state of the loop belongs to the engine's thread: the first outcome starts the others there.
        CountDownLatch started = new CountDownLatch(1);
        requester.sendAsync(targets[0], (request, outcome) -> {
            for (int i = 0; i < WINDOW; i++) {
                loop.send();
            }
            started.countDown();
        });
        if (!started.await(10, TimeUnit.SECONDS) || !loop.ended.await((long) seconds + 10, TimeUnit.SECONDS)) {
            throw new IllegalStateException("the loop does not end: " + requester.statistics());
        }
        if (loop.others > 0) {
            throw new IllegalStateException(loop.others + " echoes were not answered: " + requester.statistics());
        }
        ProcessCost after = ProcessCost.after();
        return new Cost(
                (after.cpuNanos() - before.cpuNanos()) / 1e3 / loop.replies,
                (double) (after.allocatedBytes() - before.allocatedBytes()) / loop.replies);
    }
}
