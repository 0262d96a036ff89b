// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.spi.PendingEcho;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Queue;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Statistics taken while requests are sent, answered, cancelled and closed add up, and no counter falls (SPEC OUT-6).
 */
@Timeout(120)
class StatisticsStressTest {
    private static final int ROUNDS = 20;
    private static final long ROUND_NANOS = TimeUnit.MILLISECONDS.toNanos(60);
    private static final int MAX_OUTSTANDING = 256;
    private static final int WORKERS = 3;
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);

    private static final EchoOutcome NOT_SENT = EchoOutcome.NotSent.because(NotSentReason.OS_ERROR, "of a test");

    private static final List<EchoOutcome> OUTCOMES = List.of(
            new EchoOutcome.Reply(
                    Addresses.V4,
                    Duration.ofNanos(1),
                    Duration.ZERO,
                    TimestampSource.KERNEL,
                    OptionalInt.empty(),
                    EchoPayload.DEFAULT,
                    true),
            error(IcmpErrorKind.HOST_UNREACHABLE),
            error(IcmpErrorKind.OTHER),
            FakeEngine.TIMED_OUT,
            NOT_SENT);

    private static EchoOutcome error(IcmpErrorKind kind) {
        return new EchoOutcome.IcmpError(
                Addresses.V4,
                kind,
                OptionalInt.empty(),
                OptionalInt.empty(),
                OptionalInt.empty(),
                Duration.ofNanos(1),
                Duration.ZERO);
    }

    @Test
    void addUpAtEveryMomentAndNeverFall() throws Exception {
        long seed = System.nanoTime();
        System.out.println("seed " + seed);
        SplittableRandom random = new SplittableRandom(seed);
        ExecutorService threads = Executors.newFixedThreadPool(WORKERS + 1, task -> {
            Thread thread = new Thread(task, "stress");
            thread.setDaemon(true);
            return thread;
        });
        try {
            for (int round = 0; round < ROUNDS; round++) {
                new Round("seed " + seed + ", round " + round).run(threads, random);
            }
        } finally {
            threads.shutdownNow();
            assertThat(threads.awaitTermination(20, TimeUnit.SECONDS)).isTrue();
        }
    }

    private static final class Round {
        private final String context;
        private final Queue<PendingEcho> queue = new ConcurrentLinkedQueue<>();
        private final FakeEngine engine = new FakeEngine(queue::add);
        private final EngineRequester requester = FakeEngine.requester(engine, MAX_OUTSTANDING, null);
        private final AtomicLong asked = new AtomicLong();
        private final AtomicLong told = new AtomicLong();
        private final AtomicLong sent = new AtomicLong();
        private volatile boolean over;

        Round(String context) {
            this.context = context;
        }

        void run(ExecutorService threads, SplittableRandom random) throws Exception {
            List<Future<?>> running = new ArrayList<>();
            for (int i = 0; i < WORKERS; i++) {
                SplittableRandom own = random.split();
                running.add(threads.submit(() -> work(own)));
            }
            running.add(threads.submit(this::watch));
            TimeUnit.NANOSECONDS.sleep(ROUND_NANOS); // as long as the round shall be
            requester.close(); // while all others go on
            over = true;
            for (Future<?> each : running) {
                each.get(20, TimeUnit.SECONDS);
            }
            requester.close(); // ends what was asked meanwhile
            check();
        }

        /** Whoever answers is not always who asked: each takes from the other's requests too. */
        private void work(SplittableRandom own) {
            while (!over) {
                if (own.nextBoolean()) {
                    ask(own);
                } else {
                    answer(own);
                }
            }
        }

        private void ask(SplittableRandom random) {
            asked.incrementAndGet();
            EchoHandle handle = requester.sendAsync(REQUEST, (request, outcome) -> told.incrementAndGet());
            switch (random.nextInt(4)) {
                case 0 -> handle.cancel();
                case 1 -> {
                    EchoHandle next = (EchoHandle) queue.peek();
                    if (next != null) {
                        next.cancel(); // while another thread sends it, perhaps
                    }
                }
                default -> {} // it is answered
            }
        }

        private void answer(SplittableRandom random) {
            PendingEcho pending = queue.poll();
            if (pending != null) {
                EchoOutcome outcome = NOT_SENT;
                if (random.nextInt(8) != 0 && pending.markSent()) {
                    sent.incrementAndGet();
                    outcome = OUTCOMES.get(random.nextInt(OUTCOMES.size()));
                }
                pending.complete(outcome);
            }
        }

        private Void watch() {
            EchoStatistics before = requester.statistics();
            while (!over) {
                EchoStatistics now = requester.statistics();
                if (!addsUp(now) || falls(before, now)) {
                    throw new AssertionError(context + ": " + before + ", and then " + now);
                }
                before = now;
            }
            return null;
        }

        private static boolean addsUp(EchoStatistics each) {
            return each.sent() == ended(each) + each.inFlight()
                    && each.icmpErrors()
                            == each.icmpErrors(IcmpErrorKind.HOST_UNREACHABLE) + each.icmpErrors(IcmpErrorKind.OTHER)
                    && each.inFlight() >= 0
                    && each.queued() >= 0
                    && each.notSent() >= each.abandoned();
        }

        private static long ended(EchoStatistics each) {
            return each.replies() + each.icmpErrors() + each.timedOut() + each.abandoned();
        }

        private static boolean falls(EchoStatistics before, EchoStatistics now) {
            return now.sent() < before.sent()
                    || now.replies() < before.replies()
                    || now.icmpErrors() < before.icmpErrors()
                    || now.timedOut() < before.timedOut()
                    || now.notSent() < before.notSent()
                    || now.abandoned() < before.abandoned()
                    || Arrays.stream(IcmpErrorKind.values())
                            .anyMatch(kind -> now.icmpErrors(kind) < before.icmpErrors(kind))
                    || Arrays.stream(NotSentReason.values())
                            .anyMatch(reason -> now.notSent(reason) < before.notSent(reason));
        }

        private void check() {
            EchoStatistics last = requester.statistics();
            assertThat(addsUp(last)).as("%s: %s", context, last).isTrue();
            assertThat(last.inFlight() + last.queued())
                    .as("%s: outstanding, %s", context, last)
                    .isZero();
            assertThat(last.sent()).as("%s: sent, %s", context, last).isEqualTo(sent.get());
            assertThat(told).as("%s: outcomes", context).hasValue(asked.get());
            assertThat(last.replies() + last.icmpErrors() + last.timedOut() + last.notSent())
                    .as("%s: outcomes counted, %s", context, last)
                    .isEqualTo(asked.get());
        }
    }
}
