// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLongArray;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Silence: when it ends, what it is called, and how much of it an engine can bear. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class LinuxTimeoutTest {
    private static final int[] MILLIS = {1, 10, 250, 500, 900, 1500};

    /** How late is still believable on a machine that does other things too. */
    private static final Duration SLACK = Duration.ofMillis(500);

    @Parameter
    EngineVariant variant;

    private EchoRequester requester;

    @BeforeEach
    void open() throws EchoUnavailableException {
        requester = variant.open();
    }

    @AfterEach
    void close() {
        requester.close();
    }

    @Test
    @Covers(
            rules = {"TIM-1", "TIM-2"},
            cases = {"C60", "C64", "C65"})
    void isNeverEarlyAndNotMuchLate() throws InterruptedException {
        int count = 10 * MILLIS.length;
        AtomicLongArray ended = new AtomicLongArray(count);
        long[] begun = new long[count];
        Outcomes outcomes = new Outcomes(count);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < count; i++) {
                int number = i;
                // Long ones first: a short timeout must not wait for one that was set before it.
                Duration timeout = Duration.ofMillis(MILLIS[MILLIS.length - 1 - i % MILLIS.length]);
                InetAddress destination = i % 2 == 0 ? Loopback.numbered(i) : Loopback.V6;
                begun[i] = System.nanoTime();
                requester.sendAsync(Loopback.request(destination, timeout), (request, outcome) -> {
                    ended.set(number, System.nanoTime());
                    outcomes.record(number, outcome);
                });
            }
            List<EchoOutcome> all = outcomes.await();
            for (int i = 0; i < count; i++) {
                Duration timeout = Duration.ofMillis(MILLIS[MILLIS.length - 1 - i % MILLIS.length]);
                Duration took = Duration.ofNanos(ended.get(i) - begun[i]);
                assertThat(all.get(i)).isInstanceOfSatisfying(EchoOutcome.TimedOut.class, timedOut -> {
                    assertThat(timedOut.waited()).isBetween(timeout, timeout.plus(SLACK));
                    assertThat(timedOut.localDropsSuspected()).isFalse();
                });
                assertThat(took).as("timeout %s", timeout).isBetween(timeout, timeout.plus(SLACK));
            }
        }
        assertThat(requester.statistics().timedOut()).isEqualTo(count);
    }

    @Test
    @Covers(
            rules = "TIM-2",
            cases = {"C62", "C64"})
    void sendsOnWhileALongTimeoutIsOpen() throws InterruptedException {
        try (Loopback.Silence silence = Loopback.silence()) {
            CompletableFuture<EchoOutcome> longest =
                    requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofDays(10_000)));
            for (int i = 0; i < 20; i++) {
                assertThat(requester.send(Loopback.request(Loopback.V4, Duration.ofMillis(2))))
                        .isInstanceOf(EchoOutcome.TimedOut.class);
            }
            assertThat(longest).isNotDone();
            assertThat(longest.cancel(false)).isTrue();
        }
    }

    /** The answers are in the socket in time; only our own thread is late. */
    @Test
    @Covers(
            rules = {"TIM-4", "OUT-5"},
            cases = {"C70", "C121"})
    void callsAReplyAReplyThoughItsOwnThreadSleptPastTheDeadline() throws InterruptedException {
        int count = 100;
        Outcomes outcomes = new Outcomes(count);
        CountDownLatch stalled = new CountDownLatch(1);
        try (Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            for (int i = 0; i < count; i++) {
                requester.sendAsync(
                        Loopback.request(Loopback.numbered(i), Duration.ofMillis(200)), outcomes.listener(i));
            }
            List<WirePacket> requests = new ArrayList<>();
            for (int i = 0; i < count; i++) {
                requests.add(peer.nextRequest());
            }
            CountDownLatch answered = new CountDownLatch(1);
            requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofMillis(1)), (request, outcome) -> {
                stalled.countDown();
                awaitUninterrupted(answered, 500);
            });
            assertThat(stalled.await(10, TimeUnit.SECONDS)).isTrue();
            for (WirePacket request : requests) {
                peer.answer(request, request.reply());
            }
            List<EchoOutcome> all = outcomes.await();
            for (EchoOutcome outcome : all) {
                assertThat(Outcomes.reply(outcome).roundTripTime()).isLessThanOrEqualTo(Duration.ofMillis(200));
            }
        }
        assertThat(requester.statistics().late()).hasValue(0);
    }

    private static void awaitUninterrupted(CountDownLatch latch, long millis) {
        try {
            assertThat(latch.await(millis, TimeUnit.MILLISECONDS)).isFalse();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    @Covers(
            rules = {"MAT-4", "TIM-5"},
            cases = "C66")
    void callsAnAnswerAfterTheDeadlineLate() throws InterruptedException {
        try (Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            EchoOutcome outcome = requester.send(Loopback.request(Loopback.V4, Duration.ofMillis(20)));
            assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
            WirePacket request = peer.nextRequest();
            peer.answer(request, request.reply());
            Await.until("it is counted", () -> requester.statistics().late().orElse(-1) == 1);
            peer.answer(request, request.reply());
            Await.until("it is counted", () -> requester.statistics().late().orElse(-1) == 2);
        }
        assertThat(requester.statistics().replies()).isZero();
    }

    @Test
    @Covers(rules = "MAT-4", cases = "C71")
    void countsDuplicates() throws InterruptedException {
        try (Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(true)) {
            CompletableFuture<EchoOutcome> future =
                    requester.sendAsync(Loopback.request(Loopback.V6, Duration.ofSeconds(20)));
            WirePacket request = peer.nextRequest();
            for (int i = 0; i < 3; i++) {
                peer.answer(request, request.reply());
            }
            Outcomes.reply(future.join());
            Await.until(
                    "both are counted",
                    () -> requester.statistics().duplicates().orElse(-1) == 2);
        }
        assertThat(requester.statistics().replies()).isEqualTo(1);
    }

    @Test
    @Covers(
            rules = {"OUT-1", "MAT-3"},
            cases = {"C109", "C111"})
    void timesOutSeventyThousandInFlightExactlyOnceEach() throws InterruptedException {
        int count = 70_000;
        Outcomes outcomes = new Outcomes(count);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < count; i++) {
                requester.sendAsync(
                        Loopback.request(Loopback.numbered(i % 60_000), Duration.ofSeconds(4)), outcomes.listener(i));
            }
            Await.until(
                    "all are in flight",
                    () -> requester.statistics().inFlight() == count || outcomes.missing() < count);
            assertThat(requester.statistics().inFlight())
                    .as("in flight at once")
                    .isEqualTo(count);
            if (variant != EngineVariant.RAW) {
                assertThat(pingSockets()).as("IPv4 sockets").isGreaterThan(1);
            }
            for (EchoOutcome outcome : outcomes.await()) {
                assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
            }
        }
        EchoStatistics statistics = requester.statistics();
        assertThat(statistics.sent()).isEqualTo(count);
        assertThat(statistics.timedOut()).isEqualTo(count);
        assertThat(statistics.inFlight()).isZero();
        assertEverythingLiveWorks();
    }

    private static long pingSockets() {
        return Loopback.read(Path.of("/proc/net/icmp")).lines().skip(1).count();
    }

    @Test
    @Covers(rules = "END-1", cases = "C116")
    void forgetsSeventyThousandInFlightThatAreCancelled() throws InterruptedException {
        List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < 70_000; i++) {
                futures.add(requester.sendAsync(Loopback.request(Loopback.numbered(i % 60_000), Duration.ofHours(1))));
            }
            Await.until("all are in flight", () -> requester.statistics().inFlight() == 70_000);
            futures.forEach(future -> assertThat(future.cancel(true)).isTrue());
            EchoStatistics statistics = requester.statistics();
            assertThat(statistics.inFlight()).isZero();
            assertThat(statistics.queued()).isZero();
            assertThat(statistics.abandoned()).isEqualTo(70_000);
        }
        assertEverythingLiveWorks();
    }

    /** More requests than there are slots in the sockets that are open: none may have been lost. */
    private void assertEverythingLiveWorks() throws InterruptedException {
        int count = 70_000;
        Outcomes outcomes = new Outcomes(count);
        for (int i = 0; i < count; i++) {
            requester.sendAsync(
                    Loopback.request(Loopback.numbered(i % 60_000), Duration.ofSeconds(30)), outcomes.listener(i));
        }
        long replies = outcomes.await().stream().filter(EchoOutcome::isReply).count();
        assertThat(replies).isEqualTo(count);
    }

    @Test
    @Covers(rules = "LOAD-1", cases = "C113")
    void boundsWhatIsOutstanding() throws EchoUnavailableException, InterruptedException {
        try (EchoRequester small = variant.builder().maxOutstanding(10).open();
                Loopback.Silence silence = Loopback.silence()) {
            List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
            for (int i = 0; i < 10; i++) {
                futures.add(small.sendAsync(Loopback.request(Loopback.V4, Duration.ofHours(1))));
            }
            Outcomes.assertNotSent(
                    small.sendAsync(Loopback.request(Loopback.V4, Duration.ofHours(1)))
                            .join(),
                    NotSentReason.OVERLOADED);
            assertThat(futures.get(3).cancel(false)).isTrue();
            assertThat(small.send(Loopback.request(Loopback.V4, Duration.ofMillis(1))))
                    .isInstanceOf(EchoOutcome.TimedOut.class);
        }
    }
}
