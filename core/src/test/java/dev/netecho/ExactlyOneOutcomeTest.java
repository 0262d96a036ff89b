// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Reply, cancellation, overload and close race from several threads; every request hears exactly one outcome. */
@Timeout(300)
class ExactlyOneOutcomeTest {
    private static final int ROUNDS = 1_000;
    private static final int REQUESTS = 64;
    private static final int RACERS = 4;
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);

    @Test
    void whoeverIsFirst() throws Exception {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        ThreadFactory daemons = task -> {
            Thread thread = new Thread(task, "racer");
            thread.setDaemon(true);
            return thread;
        };
        ExecutorService racers = Executors.newFixedThreadPool(RACERS, daemons);
        try {
            for (int round = 0; round < ROUNDS; round++) {
                new Round("seed " + seed + ", round " + round, random.split()).run(racers);
            }
        } finally {
            racers.shutdownNow();
            assertThat(racers.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static final class Round {
        private final String context;
        private final SplittableRandom random;
        private final FakeEngine engine = new FakeEngine(pending -> {});
        private final EngineRequester requester;
        private final AtomicIntegerArray heard = new AtomicIntegerArray(REQUESTS);
        private final List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        private final CyclicBarrier start = new CyclicBarrier(RACERS);

        Round(String context, SplittableRandom random) {
            this.context = context;
            this.random = random;
            this.requester = EngineRequesterTest.requester(engine, REQUESTS + random.nextInt(REQUESTS));
        }

        void run(ExecutorService racers) throws Exception {
            for (int i = 0; i < REQUESTS; i++) {
                int index = i;
                if (random.nextBoolean()) {
                    requester.sendAsync(REQUEST, (request, outcome) -> heard.incrementAndGet(index));
                } else {
                    CompletableFuture<EchoOutcome> future = requester.sendAsync(REQUEST);
                    futures.add(future);
                    FakeEngine.ignore(future.whenComplete((outcome, thrown) -> heard.incrementAndGet(index)));
                }
            }
            PendingEcho[] pending = engine.submitted.toArray(PendingEcho[]::new);
            boolean close = random.nextBoolean();
            List<Future<int[]>> results = new ArrayList<>();
            for (int racer = 0; racer < RACERS; racer++) {
                int role = racer;
                SplittableRandom own = random.split();
                results.add(racers.submit(() -> race(role, own, pending, close)));
            }
            int[] wins = new int[2];
            for (Future<int[]> result : results) {
                int[] won = result.get();
                wins[0] += won[0];
                wins[1] += won[1];
            }
            requester.close();
            check(wins);
        }

        /** {@return how often this racer won a request for the engine, and how many requests it sent} */
        private int[] race(int role, SplittableRandom own, PendingEcho[] pending, boolean close)
                throws InterruptedException, BrokenBarrierException {
            int[] order = own.ints(2L * pending.length, 0, pending.length).toArray();
            int[] result = new int[2];
            start.await();
            for (int at : order) {
                switch (role) {
                    case 0, 1 -> {
                        pending[at].markSent();
                        result[0] += pending[at].complete(FakeEngine.TIMED_OUT) ? 1 : 0;
                    }
                    case 2 -> futures.get(at % futures.size()).cancel(false);
                    default -> {
                        requester.sendAsync(REQUEST, (request, outcome) -> {});
                        result[1]++;
                        if (close && at == order[order.length / 2]) {
                            requester.close();
                        }
                    }
                }
            }
            return result;
        }

        private void check(int[] wins) {
            int[] counts = new int[REQUESTS];
            Arrays.setAll(counts, heard::get);
            assertThat(counts).as(context).containsOnly(1);
            EchoStatistics statistics = requester.statistics();
            assertThat(statistics.timedOut()).as(context).isEqualTo(wins[0]);
            assertThat(statistics.timedOut() + statistics.notSent()).as(context).isEqualTo((long) REQUESTS + wins[1]);
            assertThat(statistics.sent())
                    .as("%s: %s", context, statistics)
                    .isEqualTo(statistics.timedOut() + statistics.abandoned());
            assertThat(statistics.inFlight()).as(context).isZero();
            assertThat(statistics.queued()).as(context).isZero();
            assertThat(engine.cancelled).as(context).doesNotHaveDuplicates();
            // Where the engine was first with the outcome but not with the future, there is nothing left to cancel.
            assertThat(engine.cancelled.size()).as(context).isLessThanOrEqualTo((int)
                    futures.stream().filter(CompletableFuture::isCancelled).count());
        }
    }
}
