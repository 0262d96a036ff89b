// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;
import static org.assertj.core.api.Assertions.assertThatNullPointerException;

import dev.netecho.spi.PendingEcho;
import dev.netecho.spi.Stray;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class EngineRequesterTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);

    private final FakeEngine engine = new FakeEngine();
    private final EngineRequester requester = requester(engine, 2);

    @Test
    void sendGivesTheOutcomeOfTheEngine() throws InterruptedException {
        assertThat(requester(FakeEngine.answering(), 1).send(REQUEST)).isSameAs(FakeEngine.TIMED_OUT);
    }

    @Test
    void theEngineGetsTheRequestAsItWasGiven() {
        FakeEngine.ignore(requester.sendAsync(REQUEST));

        assertThat(engine.submitted).singleElement().satisfies(pending -> {
            assertThat(pending.request()).isSameAs(REQUEST);
            pending.counters().observe(Stray.LATE);
            assertThat(requester.statistics().late()).hasValue(0);
        });
    }

    @Test
    void aListenerMayRunBeforeSendAsyncReturns() {
        List<Object> heard = new ArrayList<>();

        requester(FakeEngine.answering(), 1).sendAsync(REQUEST, (request, outcome) -> {
            heard.add(request);
            heard.add(outcome);
        });

        assertThat(heard).containsExactly(REQUEST, FakeEngine.TIMED_OUT);
    }

    @Test
    void aRequestAboveMaxInFlightNeverReachesTheEngine() {
        CompletableFuture<EchoOutcome> first = requester.sendAsync(REQUEST);
        CompletableFuture<EchoOutcome> second = requester.sendAsync(REQUEST);
        CompletableFuture<EchoOutcome> third = requester.sendAsync(REQUEST);

        assertThat(third)
                .isCompletedWithValue(EchoOutcome.NotSent.because(
                        NotSentReason.OVERLOADED, "the limit of 2 outstanding requests (maxOutstanding) is reached"));
        assertThat(first).isNotDone();
        assertThat(second).isNotDone();
        assertThat(engine.submitted).hasSize(2);

        engine.submitted.element().complete(FakeEngine.TIMED_OUT);
        assertThat(requester.sendAsync(REQUEST)).as("a slot is free again").isNotDone();
        assertThat(requester.sendAsync(REQUEST)).as("and was one only").isDone();
    }

    @Test
    void anInvalidDestinationIsRefusedWithoutTheEngine() {
        for (int i = 0; i < 5; i++) {
            assertThat(requester.sendAsync(EchoRequest.to(Addresses.ip("224.0.0.1"))))
                    .isCompletedWithValueMatching(outcome -> outcome instanceof EchoOutcome.NotSent notSent
                            && notSent.reason() == NotSentReason.INVALID_DESTINATION);
        }
        assertThat(engine.submitted).isEmpty();
        assertThat(requester.statistics().notSent()).isEqualTo(5);
        assertThat(requester.statistics().abandoned()).isZero();
        assertThat(requester.statistics().queued()).isZero();
    }

    @Test
    void whatTheEngineCannotDoIsRefusedWithoutIt() {
        engine.capabilities = EnumSet.of(EchoCapability.IPV4);
        EngineRequester poor = requester(engine, 1);

        assertThat(poor.sendAsync(EchoRequest.to(Addresses.V6)))
                .isCompletedWithValue(EchoOutcome.NotSent.because(
                        NotSentReason.UNSUPPORTED, "this backend does not have " + EchoCapability.IPV6));
        assertThat(engine.submitted).isEmpty();
        assertThat(poor.capabilities()).containsExactly(EchoCapability.IPV4);
    }

    @Test
    void anInterruptedSendThrowsAndCancelsItsRequest() throws InterruptedException {
        CountDownLatch taken = new CountDownLatch(1);
        FakeEngine silent = new FakeEngine(pending -> {
            pending.markSent();
            taken.countDown();
        });
        EngineRequester one = requester(silent, 1);
        CompletableFuture<Throwable> thrown = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            try {
                thrown.completeExceptionally(new AssertionError("send() returned " + one.send(REQUEST)));
            } catch (InterruptedException e) {
                thrown.complete(e);
            }
        });
        sender.start();
        taken.await();

        sender.interrupt();

        assertThat(thrown.join()).isInstanceOf(InterruptedException.class);
        sender.join();
        assertThat(silent.cancelled).containsExactlyElementsOf(silent.submitted).hasSize(1);
        assertThat(one.statistics().abandoned()).isEqualTo(1);
        assertThat(one.sendAsync(REQUEST)).as("the requester is usable").isNotDone();
    }

    @Test
    void aSenderInterruptedBeforehandSendsNothing() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(InterruptedException.class).isThrownBy(() -> requester.send(REQUEST));

        assertThat(Thread.currentThread().isInterrupted())
                .as("cleared, as is usual")
                .isFalse();
        assertThat(engine.submitted).isEmpty();
        assertThat(requester.statistics().queued()).isZero();
    }

    @Test
    void sendOnTheEngineThreadIsRefusedAndNothingIsSent() {
        engine.engineThread = Thread.currentThread();

        assertThatIllegalStateException()
                .isThrownBy(() -> requester.send(REQUEST))
                .withMessageContaining("engine's thread")
                .withMessageContaining("use sendAsync()");
        assertThat(engine.submitted).isEmpty();
        assertThat(requester.sendAsync(REQUEST)).isNotDone();
    }

    @ParameterizedTest
    @ValueSource(classes = {IllegalStateException.class, AssertionError.class, StackOverflowError.class})
    void aThrowingListenerHarmsNoOtherAndIsLoggedOnce(Class<? extends Throwable> type) throws Exception {
        Throwable thrown = type.getConstructor().newInstance();
        List<EchoOutcome> heard = new ArrayList<>();
        EngineRequester many = requester(engine, 1_000);
        for (int i = 0; i < 100; i++) {
            many.sendAsync(REQUEST, (request, outcome) -> FakeEngine.sneakyThrow(thrown));
            many.sendAsync(REQUEST, (request, outcome) -> heard.add(outcome));
        }

        for (PendingEcho pending : engine.submitted) {
            assertThat(pending.complete(FakeEngine.TIMED_OUT)).isTrue();
        }

        assertThat(heard).hasSize(100);
        assertThat(many.statistics().timedOut()).isEqualTo(200);
        assertThat(many.statistics().inFlight()).isZero();
        assertThat(RecordedLog.linesWith(many.name() + ": "))
                .singleElement()
                .satisfies(line -> assertThat(line.thrown()).isSameAs(thrown));
    }

    @Test
    void closeEndsWhatIsOutstandingAndWhatComesLater() throws InterruptedException {
        CompletableFuture<EchoOutcome> before = requester.sendAsync(REQUEST);
        assertThat(requester.toString()).isEqualTo(requester.name() + "[fake]");

        requester.close();
        int submitted = engine.submitted.size();

        assertThat(before).isCompletedWithValueMatching(EngineRequesterTest::isClosed);
        assertThat(requester.send(REQUEST)).matches(EngineRequesterTest::isClosed);
        assertThat(requester.sendAsync(REQUEST)).isCompletedWithValueMatching(EngineRequesterTest::isClosed);
        assertThat(engine.submitted).as("nothing reaches the engine").hasSize(submitted);
        assertThat(requester.toString()).isEqualTo(requester.name() + "[fake, closed]");
        assertThat(requester.statistics().notSent()).isEqualTo(3);
        assertThat(requester.statistics().abandoned()).isEqualTo(1);
        assertThat(requester.provider()).isEqualTo("fake");
    }

    @Test
    void closeMayBeCalledTwiceAndFromAListener() {
        CompletableFuture<EchoOutcome> heard = new CompletableFuture<>();
        requester.sendAsync(REQUEST, (request, outcome) -> requester.close());
        requester.sendAsync(REQUEST, (request, outcome) -> heard.complete(outcome));

        engine.submitted.element().complete(FakeEngine.TIMED_OUT);
        requester.close();

        assertThat(heard).succeedsWithin(10, TimeUnit.SECONDS).matches(EngineRequesterTest::isClosed);
    }

    @Test
    void aListenerMaySendTheNextRequest() {
        List<EchoOutcome> heard = new ArrayList<>();
        EngineRequester one = requester(FakeEngine.answering(), 1);

        one.sendAsync(REQUEST, (request, outcome) -> one.sendAsync(request, (again, next) -> heard.add(next)));

        assertThat(heard).as("the slot was free before the listener ran").containsExactly(FakeEngine.TIMED_OUT);
    }

    @Test
    void statisticsAddUpAndOmitUnobservedCounters() {
        FakeEngine queueing = new FakeEngine(pending -> {});
        EngineRequester many = requester(queueing, 100);
        List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            futures.add(many.sendAsync(REQUEST));
        }
        assertThat(many.statistics().queued()).isEqualTo(10);
        assertThat(many.statistics().inFlight()).isZero();

        queueing.submitted.stream().limit(8).forEach(PendingEcho::markSent);
        queueing.submitted.stream().limit(3).forEach(pending -> pending.complete(FakeEngine.TIMED_OUT));
        futures.get(3).cancel(false);
        futures.get(9).cancel(false);

        EchoStatistics statistics = many.statistics();
        assertThat(statistics.sent()).isEqualTo(8);
        assertThat(statistics.timedOut()).isEqualTo(3);
        assertThat(statistics.notSent()).isEqualTo(2);
        assertThat(statistics.abandoned()).as("the one of them that had left").isEqualTo(1);
        assertThat(statistics.inFlight()).isEqualTo(4);
        assertThat(statistics.queued()).isEqualTo(1);
        assertThat(statistics.duplicates()).isEmpty();
        assertThat(statistics.droppedLocally()).isEmpty();
    }

    @Test
    void twoRequestersHaveTwoNames() {
        String name = EngineRequester.nextName();

        assertThat(name).matches("icmp-echo-[1-9]\\d*");
        assertThat(EngineRequester.nextName()).isNotEqualTo(name);
    }

    @Test
    void nullIsRefusedByNameAndTakesNoSlot() {
        assertThatNullPointerException().isThrownBy(() -> requester.send(null)).withMessage("request");
        assertThatNullPointerException()
                .isThrownBy(() -> FakeEngine.ignore(requester.sendAsync(null)))
                .withMessage("request");
        assertThatNullPointerException()
                .isThrownBy(() -> requester.sendAsync(null, (request, outcome) -> {}))
                .withMessage("request");
        assertThatNullPointerException()
                .isThrownBy(() -> requester.sendAsync(REQUEST, null))
                .withMessage("listener");
        assertThat(requester.statistics().queued()).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 4_194_305, Integer.MAX_VALUE})
    void theBuilderRefusesAMaxOutstandingOutOfRange(int maxOutstanding) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoRequester.newBuilder().maxOutstanding(maxOutstanding))
                .withMessage("maxOutstanding is " + maxOutstanding + "; it must be 1 to 4194304");
    }

    @Test
    void theBuilderPassesMaxInFlightOn() throws Exception {
        FakeProvider provider = new FakeProvider("given", 0);
        try (EchoRequester one =
                EchoRequester.newBuilder().provider(provider).maxOutstanding(1).open()) {
            CompletableFuture<EchoOutcome> first = one.sendAsync(REQUEST);
            CompletableFuture<EchoOutcome> second = one.sendAsync(REQUEST);

            assertThat(first).isNotDone();
            assertThat(second).isDone();
        }
        assertThat(EchoRequester.newBuilder().maxOutstanding(4_194_304).maxOutstanding)
                .isEqualTo(4_194_304);
        assertThat(EchoRequester.newBuilder().maxOutstanding).isEqualTo(262_144);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 0, 10_000_001, Integer.MAX_VALUE})
    void theBuilderRefusesAMaxRateOutOfRangeAndNamesIt(int maxRate) {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoRequester.newBuilder().maxRate(maxRate))
                .withMessage("maxRate is " + maxRate + " a second; it must be 1 to 10000000");
    }

    @Test
    void aBlockedSendIsRefusedWhenTheRequesterCloses() throws Exception {
        FakeEngine silent = new FakeEngine(PendingEcho::markSent);
        EngineRequester one = requester(silent, 1);
        CompletableFuture<EchoOutcome> first = one.sendAsync(REQUEST);
        List<CompletableFuture<EchoOutcome>> heard = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        List<Thread> senders = new ArrayList<>();
        for (CompletableFuture<EchoOutcome> result : heard) {
            Thread sender = new Thread(() -> {
                try {
                    result.complete(one.send(REQUEST));
                } catch (InterruptedException e) {
                    result.completeExceptionally(e);
                }
            });
            senders.add(sender);
            sender.start();
        }
        assertThat(silent.submitted).hasSize(1);

        silent.submitted.element().complete(FakeEngine.TIMED_OUT);
        assertThat(first).isCompletedWithValue(FakeEngine.TIMED_OUT);
        one.close();
        for (CompletableFuture<EchoOutcome> result : heard) {
            assertThat(result.get(10, TimeUnit.SECONDS))
                    .isInstanceOfSatisfying(
                            EchoOutcome.NotSent.class,
                            notSent -> assertThat(notSent.reason()).isEqualTo(NotSentReason.CLOSED));
        }
        for (Thread sender : senders) {
            sender.join();
        }
        assertThat(one.statistics().queued()).isZero();
    }

    @Test
    void aBlockedSendGetsItsTurnBeforeABusyListener() throws Exception {
        EngineRequester narrow = requester(engine, 1);
        EchoListener again = new EchoListener() {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                narrow.sendAsync(request, this);
            }
        };
        narrow.sendAsync(REQUEST, again);
        CompletableFuture<EchoOutcome> result = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            try {
                result.complete(narrow.send(EchoRequest.to(Addresses.V6)));
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        sender.start();
        while (sender.getState() != Thread.State.TIMED_WAITING) {
            Thread.onSpinWait();
        }
        for (int i = 0; i < 1_000_000 && !result.isDone(); i++) {
            PendingEcho next = engine.submitted.poll();
            if (next != null) {
                next.complete(FakeEngine.TIMED_OUT);
            }
        }
        assertThat(result).succeedsWithin(10, TimeUnit.SECONDS).isEqualTo(FakeEngine.TIMED_OUT);
    }

    @Test
    void aBlockingSenderOnAnotherThreadIsWokenByClose() throws Exception {
        CountDownLatch taken = new CountDownLatch(1);
        EngineRequester one = requester(
                new FakeEngine(pending -> {
                    pending.markSent();
                    taken.countDown();
                }),
                1);
        CompletableFuture<EchoOutcome> heard = new CompletableFuture<>();
        Thread sender = new Thread(() -> {
            try {
                heard.complete(one.send(REQUEST));
            } catch (InterruptedException e) {
                heard.completeExceptionally(e);
            }
        });
        sender.start();
        taken.await();

        one.close();

        assertThat(heard.get(30, TimeUnit.SECONDS)).matches(EngineRequesterTest::isClosed);
        sender.join();
    }

    static EngineRequester requester(FakeEngine engine, int maxOutstanding) {
        EngineRequester requester = FakeEngine.requester(engine, maxOutstanding, null);
        return requester;
    }

    private static boolean isClosed(EchoOutcome outcome) {
        return outcome instanceof EchoOutcome.NotSent notSent && notSent.reason() == NotSentReason.CLOSED;
    }
}
