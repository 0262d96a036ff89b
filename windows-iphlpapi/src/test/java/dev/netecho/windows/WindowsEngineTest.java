// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOption;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.spi.EchoConfig;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The engine against a system that does what the test says, on any operating system; mostly about who owns memory when. */
@Timeout(60)
final class WindowsEngineTest {
    private static final Duration LONG = Duration.ofSeconds(30);
    private static final String HOST = "198.18.1.1";
    private static final String HOST_V6 = "2001:2::18:1:1";

    private final FakeWindows windows = new FakeWindows();
    private final Requests requests = new Requests();
    private final Map<EchoOption<?>, Object> options =
            new HashMap<>(Map.of(WindowsOptions.DRAIN_TIMEOUT, Duration.ofSeconds(10)));
    private WindowsEngine engine;

    private void open() {
        open(HostTraits.WINDOWS);
    }

    private void open(HostTraits traits) {
        EchoConfig config = new EchoConfig("icmp-echo-test", options, requests.counters);
        try {
            engine = WindowsEngine.open(config, WindowsSettings.of(config), windows.system(traits));
        } catch (EchoUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    private Asked submit(EchoRequest request) {
        Asked asked = requests.ask(request);
        engine.submit(asked.pending());
        return asked;
    }

    private Asked submit(Duration timeout) {
        return submit(Requests.to(HOST, timeout));
    }

    private Sent sent() {
        return windows.awaitSent(1).get(0);
    }

    /** Whatever a test did: in the end nothing is allocated, nothing open, and nothing was written where it must not. */
    @AfterEach
    void nothingIsLeft() {
        if (engine != null) {
            windows.awaitSent(0).forEach(each -> windows.status(each, 11010, ""));
            engine.close();
            Await.until("the thread has ended", engine::isReleased);
        }
        assertThat(windows.heap.live()).as("blocks still allocated").isZero();
        assertThat(windows.heap.defects()).isEmpty();
        assertThat(windows.freedEarly()).as("writes to freed memory").isZero();
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }

    @Test
    void aReplyCarriesWhatTheSystemSaid() {
        open();
        Asked asked = submit(LONG);
        windows.reply(sent(), 0);

        EchoOutcome.Reply reply = (EchoOutcome.Reply) asked.await();
        assertThat(reply.responder()).isEqualTo(Requests.address(HOST));
        assertThat(reply.hopLimit()).isEqualTo(OptionalInt.of(57));
        assertThat(reply.timestampSource()).isEqualTo(TimestampSource.SYSTEM_MILLISECONDS);
        assertThat(reply.roundTripTime()).isBetween(Duration.ZERO, Duration.ofMillis(1));
        assertThat(reply.payloadIntact()).isTrue();
        assertThat(reply.payload()).isEqualTo(EchoPayload.DEFAULT);
        Await.until("its memory is freed", () -> windows.heap.live() == 0);
    }

    @Test
    void anIpv6ReplyIsReadByItsOwnLayout() {
        open();
        Asked asked = submit(Requests.to(HOST_V6, LONG));
        Sent sent = sent();
        assertThat(sent.six()).isTrue();
        assertThat(sent.destination()).isEqualTo(Requests.address(HOST_V6).getAddress());
        assertThat(sent.source()).containsOnly(0);
        windows.reply(sent, 3);

        EchoOutcome.Reply reply = (EchoOutcome.Reply) asked.await();
        assertThat(reply.responder()).isEqualTo(Requests.address(HOST_V6));
        assertThat(reply.hopLimit()).isEmpty();
        assertThat(reply.roundTripTime()).isBetween(Duration.ofMillis(3), Duration.ofMillis(4));
        assertThat(reply.payloadIntact()).isTrue();
    }

    @Test
    void theCallIsMadeAsTheRequestSays() {
        options.put(WindowsOptions.IP_OPTIONS, new byte[] {7, 7, 4, 0, 0, 0, 0, 0});
        options.put(WindowsOptions.TRAFFIC_CLASS, true);
        open();
        submit(EchoRequest.newBuilder(Requests.address(HOST))
                .source(Requests.address("198.18.0.2"))
                .options(EchoOptions.DEFAULT
                        .withHopLimit(9)
                        .withTrafficClass(0xb8)
                        .withDontFragment(true))
                .payload(EchoPayload.of(new byte[] {1, 2, 3}))
                .timeout(Duration.ofMillis(1500))
                .build());
        Sent sent = sent();

        assertThat(sent.destination()).containsExactly(198, 18, 1, 1);
        assertThat(sent.source()).containsExactly(198, 18, 0, 2);
        assertThat(sent.data()).containsExactly(1, 2, 3);
        assertThat(sent.options()).startsWith(9, 0xb8, 2, 8);
        assertThat(sent.ipOptions()).containsExactly(7, 7, 4, 0, 0, 0, 0, 0);
        assertThat(sent.timeout()).isEqualTo(1501);
        assertThat(sent.replySize()).isGreaterThanOrEqualTo(40 + 8 + 3 + 8 + 16);
        assertThat(sent.apcContext()).isPositive();
    }

    @Test
    void withoutOptionsNoneAreGiven() {
        open();
        submit(LONG);
        assertThat(sent().options()).isEmpty();
        assertThat(sent().source()).containsOnly(0);
    }

    @Test
    void aHopLimitNobodyAskedForIsNeverZero() {
        open();
        submit(EchoRequest.newBuilder(Requests.address(HOST))
                .options(EchoOptions.DEFAULT.withDontFragment(true))
                .timeout(LONG)
                .build());
        assertThat(sent().options()).startsWith(128, 0, 2, 0);
    }

    @ParameterizedTest(name = "timeout {0} ms, longest wait {1} ms: the system is told {2}")
    @CsvSource({"1,,1000", "999,,1000", "1000,,1001", "30000,,30001", "30000,2000,2000", "9999999999,,2147483646"})
    void theSystemsTimeoutIsNeverBelowASecond(long millis, Long longest, int expected) {
        if (longest != null) {
            options.put(WindowsOptions.LONGEST_WAIT, Duration.ofMillis(longest));
        }
        open();
        submit(Duration.ofMillis(millis));
        assertThat(sent().timeout()).isEqualTo(expected);
    }

    @Test
    void aTimeOutIsOursAndKeepsTheMemoryUntilTheCompletion() {
        open();
        Asked asked = submit(Duration.ofMillis(30));
        Sent sent = sent();

        EchoOutcome.TimedOut outcome = (EchoOutcome.TimedOut) asked.await();
        assertThat(outcome.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(30));
        assertThat(outcome.localDropsSuspected()).isFalse();
        assertThat(windows.heap.isLive(sent.reply())).isTrue();

        windows.reply(sent, 31);
        Await.until("the memory is freed", () -> windows.heap.live() == 0);
        assertThat(requests.counters.snapshot(0).late()).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void aCancelledRequestKeepsItsMemoryUntilTheCompletion() {
        open();
        Asked asked = submit(LONG);
        Sent sent = sent();
        Await.until("it counts as sent", () -> requests.counters.snapshot(1).sent() == 1);
        asked.pending().complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "cancelled"));
        engine.cancelled(asked.pending());
        Asked other = submit(Requests.to("198.18.1.2", LONG));
        windows.reply(windows.awaitSent(2).get(1), 0);
        other.await();

        assertThat(windows.heap.isLive(sent.reply())).isTrue();
        windows.reply(sent, 0);
        Await.until("the memory is freed", () -> windows.heap.live() == 0);
        assertThat(requests.counters.snapshot(0).late()).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void closeEndsCallersAtOnceAndWaitsForTheSystem() throws InterruptedException {
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(submit(LONG));
        }
        List<Sent> sent = windows.awaitSent(300);
        Thread closer = new Thread(engine::close);
        closer.start();
        for (Asked asked : all) {
            assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.CLOSED);
        }
        assertThat(windows.heap.live()).as("the system still owns it").isEqualTo(300);
        assertThat(closer.isAlive()).isTrue();
        assertThat(((EchoOutcome.NotSent) submit(LONG).await()).reason()).isEqualTo(NotSentReason.CLOSED);

        sent.forEach(each -> windows.status(each, 11010, ""));
        closer.join();
        assertThat(windows.heap.live()).isZero();
        assertThat(engine.isReleased()).isTrue();
    }

    @Test
    void beyondItsBoundCloseReturnsAndTheThreadKeepsTheMemory() {
        options.put(WindowsOptions.DRAIN_TIMEOUT, Duration.ofMillis(50));
        open();
        submit(LONG);
        Sent sent = sent();
        engine.close();

        assertThat(engine.isReleased()).isFalse();
        assertThat(windows.heap.isLive(sent.reply())).isTrue();
        windows.status(sent, 11010, "");
        Await.until("the thread ends on its own", engine::isReleased);
    }

    @Test
    void closeFromAListenerDoesNotWaitForItself() throws InterruptedException {
        open();
        CountDownLatch closed = new CountDownLatch(1);
        Asked asked = requests.ask(Requests.to(HOST, LONG));
        var ignored = asked.outcome().thenRun(() -> {
            assertThat(engine.inEngineThread()).isTrue();
            engine.close();
            closed.countDown();
        });
        assertThat(ignored).isNotDone();
        engine.submit(asked.pending());
        windows.reply(sent(), 0);
        closed.await();
        Await.until("the thread ends", engine::isReleased);
        assertThat(engine.inEngineThread()).isFalse();
    }

    @Test
    void aBatchOfSubmissionsWakesTheThreadOnce() throws InterruptedException {
        open();
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Asked first = requests.ask(Requests.to(HOST, LONG));
        var ignored = first.outcome().thenRun(() -> {
            inListener.countDown();
            awaitLatch(goOn);
        });
        assertThat(ignored).isNotDone();
        engine.submit(first.pending());
        windows.reply(sent(), 0);
        inListener.await();
        int before = windows.signals.get();
        for (int i = 0; i < 200; i++) {
            submit(LONG);
        }
        assertThat(windows.signals.get()).as("signals to a thread at work").isEqualTo(before);
        goOn.countDown();
        windows.awaitSent(200);
        assertThat(windows.signals.get()).isEqualTo(before);
    }

    private static void awaitPast(Duration time) {
        long end = System.nanoTime() + time.toNanos();
        Await.until("the deadline is past", () -> System.nanoTime() - end > 0);
    }

    private static void awaitLatch(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void moreThanTheBoundWaitInAQueueAndAbandonedOnesCount() {
        options.put(WindowsOptions.MAX_OUTSTANDING, 10);
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            all.add(submit(Duration.ofMillis(20)));
        }
        all.forEach(asked -> assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class));
        Asked eleventh = submit(LONG);
        Asked twelfth = submit(LONG);
        List<Sent> abandoned = windows.awaitSent(10);
        assertThat(requests.counters.snapshot(0).sent()).isEqualTo(10);

        windows.status(abandoned.get(3), 11010, "");
        Await.until("one took its place", () -> requests.counters.snapshot(0).sent() == 11);
        windows.reply(windows.awaitSent(10).get(9), 0);
        assertThat(eleventh.await()).isInstanceOf(EchoOutcome.Reply.class);
        Await.until(
                "the other took its place", () -> requests.counters.snapshot(0).sent() == 12);
        windows.reply(windows.awaitSent(10).get(9), 0);
        EchoOutcome.Reply reply = (EchoOutcome.Reply) twelfth.await();
        assertThat(reply.roundTripTime())
                .as("waiting in our queue is no part of it")
                .isLessThan(Duration.ofMillis(2));
    }

    @Test
    void anAnswerThatWasThereInTimeIsAReplyHoweverLateItIsRead() throws InterruptedException {
        open();
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Asked blocker = requests.ask(Requests.to("198.18.1.9", LONG));
        var ignored = blocker.outcome().thenRun(() -> {
            inListener.countDown();
            awaitLatch(goOn);
        });
        assertThat(ignored).isNotDone();
        engine.submit(blocker.pending());
        Asked asked = submit(Duration.ofMillis(40));
        List<Sent> sent = windows.awaitSent(2);
        windows.reply(sent.get(0), 0);
        inListener.await();
        windows.reply(sent.get(1), 5);
        awaitPast(Duration.ofMillis(80)); // longer than the timeout: the thread is held up meanwhile
        goOn.countDown();

        EchoOutcome.Reply reply = (EchoOutcome.Reply) asked.await();
        assertThat(reply.roundTripTime()).isBetween(Duration.ofMillis(5), Duration.ofMillis(6));
    }

    @Test
    void aSuccessAfterTheDeadlineIsATimeOut() throws InterruptedException {
        open();
        CountDownLatch inListener = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        Asked blocker = requests.ask(Requests.to("198.18.1.9", LONG));
        var ignored = blocker.outcome().thenRun(() -> {
            inListener.countDown();
            awaitLatch(goOn);
        });
        assertThat(ignored).isNotDone();
        engine.submit(blocker.pending());
        Asked asked = submit(Duration.ofMillis(40));
        List<Sent> sent = windows.awaitSent(2);
        windows.reply(sent.get(0), 0);
        inListener.await();
        windows.reply(sent.get(1), 41);
        awaitPast(Duration.ofMillis(80)); // longer than the timeout: the thread is held up meanwhile
        goOn.countDown();

        assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class);
        Await.until("it is counted", () -> requests.counters.snapshot(0).late().equals(OptionalLong.of(1)));
    }

    @Test
    void theSystemsOwnTimeOutDoesNotEndARequestEarly() {
        open();
        Asked asked = submit(Duration.ofMillis(60));
        windows.status(sent(), 11010, "");
        EchoOutcome.TimedOut outcome = (EchoOutcome.TimedOut) asked.await();
        assertThat(outcome.waited()).isGreaterThanOrEqualTo(Duration.ofMillis(60));
    }

    @Test
    void aReplyFromElsewhereIsNoReply() {
        open();
        Asked asked = submit(Duration.ofMillis(60));
        Sent sent = sent();
        windows.complete(sent, 0, FakeWindows.address("198.18.253.1"), 0, 60, sent.data());
        assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requests.counters.snapshot(0).wrongSource()).isEqualTo(OptionalLong.of(1));
    }

    @ParameterizedTest(name = "byte {0}")
    @ValueSource(ints = {0, 7})
    void aReplyWithAnotherTokenNamesNobody(int position) {
        open();
        Asked asked = submit(Duration.ofMillis(60));
        Sent sent = sent();
        byte[] data = sent.data().clone();
        data[position] ^= 1;
        windows.complete(sent, 0, sent.destination(), 0, 60, data);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requests.counters.snapshot(0).altered()).isEqualTo(OptionalLong.of(1));
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {8, 55, 57})
    void aReplyWithOtherDataIsNotIntact(int size) {
        open();
        Asked asked = submit(LONG);
        Sent sent = sent();
        windows.complete(sent, 0, sent.destination(), 0, 60, Arrays.copyOf(sent.data(), size));
        EchoOutcome.Reply reply = (EchoOutcome.Reply) asked.await();
        assertThat(reply.payloadIntact()).isFalse();
        assertThat(reply.payload().size()).isEqualTo(size);
        assertThat(requests.counters.snapshot(0).altered()).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void tokensAreNeverUsedTwice() {
        open();
        for (int i = 0; i < 50; i++) {
            submit(LONG);
        }
        assertThat(windows.awaitSent(50).stream()
                        .map(s -> ByteBuffer.wrap(s.data()).getLong(0)))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "NTSTATUS {0}")
    @CsvSource({"0,OS_ERROR,11050", "-1073741801,OVERLOADED,-1073741801", "-1073741811,OS_ERROR,-1073741811"})
    void anUntouchedBufferIsNeverASuccess(int ntStatus, NotSentReason reason, int number) {
        open();
        for (String host : List.of(HOST, HOST_V6)) {
            Asked asked = submit(Requests.to(host, LONG));
            windows.untouched(sent(), ntStatus);
            EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) asked.await();
            assertThat(outcome.reason()).isEqualTo(reason);
            assertThat(outcome.osError()).isEqualTo(OptionalInt.of(number));
        }
    }

    @Test
    void anIcmpErrorHasItsResponder() {
        open();
        Asked asked = submit(LONG);
        windows.status(sent(), 11004, "198.18.254.1");
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) asked.await();
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.PROTOCOL_UNREACHABLE);
        assertThat(error.responder()).isEqualTo(Requests.address("198.18.254.1"));
        assertThat(error.type()).isEmpty();
        assertThat(error.nextHopMtu()).isEmpty();
    }

    @Test
    void theSameNumberMeansSomethingElseForIpv6() {
        open();
        Asked asked = submit(Requests.to(HOST_V6, LONG));
        windows.status(sent(), 11004, "2001:2::18:254:1");
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) asked.await();
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED);
        assertThat(error.responder()).isEqualTo(Requests.address("2001:2::18:254:1"));
    }

    @Test
    void unreachableWithoutAResponderIsOurOwnLackOfARoute() {
        open();
        Asked asked = submit(LONG);
        windows.status(sent(), 11003, "0.0.0.0");
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) asked.await();
        assertThat(outcome.reason()).isEqualTo(NotSentReason.NO_ROUTE);
        assertThat(outcome.detail()).contains("11003", "IP_DEST_HOST_UNREACHABLE");
    }

    @ParameterizedTest(name = "error {0} is {1}")
    @CsvSource({
        "5,NOT_PERMITTED,text of 5",
        "6,OS_ERROR,text of 6",
        "50,UNSUPPORTED,text of 50",
        "87,OS_ERROR,text of 87",
        "122,OS_ERROR,text of 122",
        "1214,INVALID_DESTINATION,text of 1214",
        "1231,NO_ROUTE,text of 1231",
        "11001,OS_ERROR,IP_BUF_TOO_SMALL): status 11001.",
        "11050,OS_ERROR,IP_GENERAL_FAILURE): status 11050.",
        "11999,OS_ERROR,IP_STATUS 11999: status 11999.",
        "4711,OS_ERROR,text of 4711"
    })
    void aCallThatFailsIsNotSentWithItsNumberAndText(int error, NotSentReason reason, String text) {
        windows.error = error;
        open();
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) submit(LONG).await();
        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(error));
        assertThat(outcome.detail()).contains(String.valueOf(error)).contains(text);
        assertThat(requests.counters.snapshot(0).sent()).isZero();
    }

    @Test
    void aCallOfWhichNobodyKnowsWhetherItWorkedHasItsOutcomeAndTheOthersGoOn() {
        open();
        windows.callsFail = true;
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) submit(LONG).await();
        assertThat(outcome.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(outcome.detail()).contains("Invalid memory access");
        assertThat(windows.heap.live()).as("the system may still write to it").isEqualTo(1);
        windows.heap.forget();

        windows.callsFail = false;
        Asked next = submit(LONG);
        windows.reply(sent(), 0);
        assertThat(next.await()).isInstanceOf(EchoOutcome.Reply.class);
    }

    @Test
    void underWineTheSystemIsGivenNoMoreThanItHolds() {
        open(new HostTraits(false, false, true, 20));
        for (int i = 0; i < 50; i++) {
            submit(LONG);
        }
        windows.awaitSent(20).forEach(each -> windows.reply(each, 0));
        windows.awaitSent(20).forEach(each -> windows.reply(each, 0));
        windows.awaitSent(10);
        assertThat(windows.most()).isEqualTo(20);
    }

    @Test
    void aCompletionOfNobodyTouchesNothing() {
        open();
        Asked asked = submit(LONG);
        windows.stray(sent(), 999_999);
        windows.stray(sent(), 0);
        windows.reply(sent(), 0);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
    }

    @Test
    void thousandsMayBeOutstanding() {
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 4_000; i++) {
            all.add(submit(LONG));
        }
        List<Sent> sent = new ArrayList<>(windows.awaitSent(4_000));
        long seed = System.nanoTime();
        Collections.shuffle(sent, new Random(seed));
        sent.forEach(each -> windows.reply(each, 0));
        all.forEach(asked -> assertThat(asked.await()).as("seed %d", seed).isInstanceOf(EchoOutcome.Reply.class));
    }

    @ParameterizedTest(name = "seed {0}")
    @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
    void memoryIsFreedExactlyOnceWhateverHappens(long seed) {
        Random random = new Random(seed);
        options.put(WindowsOptions.MAX_OUTSTANDING, 64);
        open();
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            Duration timeout = random.nextInt(3) == 0 ? Duration.ofMillis(1 + random.nextInt(4)) : LONG;
            all.add(submit(EchoRequest.newBuilder(Requests.address(random.nextBoolean() ? HOST : HOST_V6))
                    .payload(EchoPayload.ofSize(random.nextInt(2_000)))
                    .timeout(timeout)
                    .build()));
            if (random.nextInt(3) == 0) {
                Asked victim = all.get(random.nextInt(all.size()));
                if (victim.pending().complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "by the test"))) {
                    engine.cancelled(victim.pending());
                }
            }
            for (Sent each : windows.awaitSent(0)) {
                switch (random.nextInt(8)) {
                    case 0, 1 -> windows.reply(each, random.nextInt(3));
                    case 2 -> windows.status(each, 11010, each.six() ? "::" : "");
                    case 3 -> windows.untouched(each, random.nextBoolean() ? 0 : 0xC0000017);
                    default -> {}
                }
            }
        }
        Thread closer = new Thread(engine::close);
        closer.start();
        all.forEach(Asked::await);
        nothingIsLeft();
        engine = null;
        assertThat(windows.heap.allocations()).as("seed %d", seed).isPositive();
    }

    @Test
    void capabilitiesClaimOnlyWhatTheSystemObeys() {
        open();
        assertThat(engine.capabilities())
                .containsExactlyInAnyOrder(
                        EchoCapability.IPV4,
                        EchoCapability.IPV6,
                        EchoCapability.HOP_LIMIT,
                        EchoCapability.SOURCE_ADDRESS,
                        EchoCapability.DONT_FRAGMENT_IPV4,
                        EchoCapability.REPLY_HOP_LIMIT_IPV4);
    }

    @Test
    void withoutIpv6TheRestWorks() {
        windows.create6Error = 120;
        open();
        assertThat(engine.capabilities()).contains(EchoCapability.IPV4).doesNotContain(EchoCapability.IPV6);
        Asked asked = submit(LONG);
        windows.reply(sent(), 0);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
        assertThat(HandleTrial.of(windows.system(), new byte[0]).availability().toString())
                .startsWith("available: without IPv6: Icmp6CreateFile failed with error 120 (text of 120)");
    }

    @Test
    void withoutEitherFamilyItSaysWhy() {
        windows.createError = 50;
        windows.create6Error = 50;
        EchoConfig config = new EchoConfig("icmp-echo-test", options, requests.counters);
        assertThatThrownBy(() -> WindowsEngine.open(config, WindowsSettings.of(config), windows.system()))
                .isInstanceOf(EchoUnavailableException.class)
                .hasMessageContaining("IcmpCreateFile failed with error 50 (text of 50)")
                .hasMessageContaining("remedy: ");
    }
}
