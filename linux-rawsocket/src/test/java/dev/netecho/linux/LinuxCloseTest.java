// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The end of a requester: one outcome each, at once, and nothing left behind. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class LinuxCloseTest {
    private static final Duration NEVER = Duration.ofHours(1);

    @Parameter
    EngineVariant variant;

    @Test
    @Covers(
            rules = "END-2",
            cases = {"C117", "C119"})
    void completesAThousandInFlightAtOnce() throws EchoUnavailableException, InterruptedException {
        EchoRequester requester = variant.open();
        Outcomes outcomes = new Outcomes(1000);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < 1000; i++) {
                requester.sendAsync(
                        Loopback.request(i % 2 == 0 ? Loopback.numbered(i) : Loopback.V6, NEVER), outcomes.listener(i));
            }
            Await.until("all are in flight", () -> requester.statistics().inFlight() == 1000);
            long before = System.nanoTime();
            requester.close();
            Duration took = Duration.ofNanos(System.nanoTime() - before);

            assertThat(outcomes.missing())
                    .as("close() returns when all are complete")
                    .isZero();
            assertThat(took).isLessThan(Duration.ofSeconds(2));
        }
        outcomes.await().forEach(outcome -> Outcomes.assertNotSent(outcome, NotSentReason.CLOSED));
        assertThat(requester.statistics().abandoned()).isEqualTo(1000);
        assertThat(requester.statistics().inFlight()).isZero();
        Outcomes.assertNotSent(requester.send(Loopback.request(Loopback.V4, NEVER)), NotSentReason.CLOSED);
    }

    @Test
    @Covers(
            rules = "END-2",
            cases = {"C118", "C122"})
    void mayBeClosedTwiceAndFromAListener() throws EchoUnavailableException, InterruptedException {
        EchoRequester requester = variant.open();
        Outcomes outcomes = new Outcomes(101);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < 100; i++) {
                requester.sendAsync(Loopback.request(Loopback.numbered(i), NEVER), outcomes.listener(i));
            }
            requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofMillis(20)), (request, outcome) -> {
                requester.close();
                requester.close();
                outcomes.record(100, outcome);
            });
            List<EchoOutcome> all = outcomes.await();
            assertThat(all.get(100)).isInstanceOf(EchoOutcome.TimedOut.class);
            all.subList(0, 100).forEach(outcome -> Outcomes.assertNotSent(outcome, NotSentReason.CLOSED));
        }
        requester.close();
        requester.close();
        assertThat(LeakCheck.threads()).isEmpty();
    }

    @Test
    @Covers(
            rules = {"END-2", "OUT-5"},
            cases = {"C118", "C119", "C122"})
    void mayBeClosedFromTheListenerOfTheClosing() throws EchoUnavailableException, InterruptedException {
        EchoRequester requester = variant.open();
        Outcomes outcomes = new Outcomes(50);
        Outcomes later = new Outcomes(50);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < 50; i++) {
                int number = i;
                requester.sendAsync(Loopback.request(Loopback.numbered(i), NEVER), (request, outcome) -> {
                    requester.sendAsync(request, later.listener(number));
                    requester.close();
                    outcomes.record(number, outcome);
                });
            }
            requester.close();
        }
        outcomes.await().forEach(outcome -> Outcomes.assertNotSent(outcome, NotSentReason.CLOSED));
        later.await().forEach(outcome -> Outcomes.assertNotSent(outcome, NotSentReason.CLOSED));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {11, 12, 13, 14, 15, 16, 17, 18})
    @Covers(
            rules = {"OUT-1", "END-2"},
            cases = {"C118", "C119"})
    void givesEveryRequestOneOutcomeWhileOthersAreSending(long seed) throws Exception {
        Random random = new Random(seed);
        int threads = 3;
        int each = 2000;
        EchoRequester requester = variant.open();
        Outcomes outcomes = new Outcomes(threads * each);
        AtomicInteger submitted = new AtomicInteger();
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> senders = new ArrayList<>();
        for (int t = 0; t < threads; t++) {
            int first = t * each;
            Thread sender = new Thread(() -> {
                await(start);
                for (int i = 0; i < each; i++) {
                    requester.sendAsync(Loopback.request(Loopback.numbered(i), NEVER), outcomes.listener(first + i));
                    submitted.incrementAndGet();
                }
            });
            senders.add(sender);
            sender.start();
        }
        int when = random.nextInt(threads * each);
        start.countDown();
        Await.until("seed " + seed + ": some were submitted", () -> submitted.get() >= when);
        Thread other = new Thread(requester::close);
        other.start();
        requester.close();
        other.join();
        for (Thread sender : senders) {
            sender.join();
        }

        for (EchoOutcome outcome : outcomes.await()) {
            assertThat(outcome.isReply() || Outcomes.isNotSent(outcome, NotSentReason.CLOSED))
                    .as("seed %d: %s", seed, outcome)
                    .isTrue();
        }
        assertThat(requester.statistics().inFlight()).as("seed %d", seed).isZero();
        assertThat(requester.statistics().queued()).as("seed %d", seed).isZero();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Covers(rules = "END-2", cases = "C123")
    void releasesEverythingHoweverOftenItIsOpened() throws EchoUnavailableException, InterruptedException {
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        for (int i = 0; i < 300; i++) {
            try (EchoRequester requester = variant.open()) {
                if (i % 3 == 0) {
                    Outcomes.reply(requester.send(Loopback.request(Loopback.numbered(i), NEVER)));
                } else if (i % 3 == 1) {
                    requester.sendAsync(Loopback.request(Loopback.V6, NEVER), (request, outcome) -> {});
                }
            }
            assertThat(LeakCheck.threads()).as("after close %d", i).isEmpty();
            LeakCheck.Snapshot after = LeakCheck.Snapshot.now();
            assertThat(after.isNotMoreThan(before))
                    .as("after close %d: %s, before %s", i, after, before)
                    .isTrue();
        }
    }

    @Test
    @Covers(rules = "END-2", cases = "C117")
    void interruptsNoWaitingThread() throws EchoUnavailableException, InterruptedException {
        EchoRequester requester = variant.open();
        Outcomes outcomes = new Outcomes(1);
        try (Loopback.Silence silence = Loopback.silence()) {
            Thread blocked = new Thread(() -> {
                try {
                    outcomes.record(0, requester.send(Loopback.request(Loopback.V4, NEVER)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            blocked.start();
            Await.until("it is in flight", () -> requester.statistics().inFlight() == 1);
            requester.close();
            blocked.join();
        }
        Outcomes.assertNotSent(outcomes.await().get(0), NotSentReason.CLOSED);
    }

    @Test
    @Covers(rules = "END-2", cases = "C117")
    void listenersThatBlockKeepNoOtherFromItsOutcome() throws Exception {
        int blocking = 200;
        EchoRequester requester = variant.open();
        CountDownLatch release = new CountDownLatch(1);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < blocking; i++) {
                requester.sendAsync(Loopback.request(Loopback.V4, NEVER), (request, outcome) -> await(release));
            }
            Await.until("all are in flight", () -> requester.statistics().inFlight() == blocking);
            CompletableFuture<EchoOutcome> last = requester.sendAsync(Loopback.request(Loopback.V4, NEVER));
            requester.close();
            Outcomes.assertNotSent(last.get(20, TimeUnit.SECONDS), NotSentReason.CLOSED);
        } finally {
            release.countDown();
        }
        Await.until("nothing is in flight", () -> requester.statistics().inFlight() == 0);
    }

    @Test
    @Covers(rules = "END-1", cases = "C124")
    void cancelsTheRequestOfAThreadThatIsInterrupted() throws EchoUnavailableException, InterruptedException {
        try (EchoRequester requester = variant.open();
                Loopback.Silence silence = Loopback.silence()) {
            CountDownLatch interrupted = new CountDownLatch(1);
            Thread blocked = new Thread(() -> {
                try {
                    requester.send(Loopback.request(Loopback.V4, NEVER));
                } catch (InterruptedException e) {
                    interrupted.countDown();
                }
            });
            blocked.start();
            Await.until("it is in flight", () -> requester.statistics().inFlight() == 1);
            blocked.interrupt();
            interrupted.await();
            blocked.join();
            assertThat(requester.statistics().inFlight()).isZero();
            assertThat(requester.statistics().abandoned()).isEqualTo(1);
        }
    }
}
