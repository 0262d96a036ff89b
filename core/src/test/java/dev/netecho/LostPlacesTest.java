// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Whatever is thrown wherever, every place comes back and every accepted request has its outcome. */
@Timeout(60)
class LostPlacesTest {
    private static final EchoRequest REQUEST = EchoRequest.to(Addresses.V4);
    private static final int STACK = 200 << 10;

    private final FakeEngine engine = new FakeEngine();
    private final EngineRequester requester = EngineRequesterTest.requester(engine, 1);
    private final AtomicInteger outcomes = new AtomicInteger();
    private final EchoListener counting = (request, outcome) -> outcomes.incrementAndGet();

    @ParameterizedTest
    @ValueSource(classes = {StackOverflowError.class, OutOfMemoryError.class, IllegalStateException.class})
    void anEngineThatThrowsGivesThePlaceBack(Class<? extends Throwable> type) throws Exception {
        Throwable thrown = type.getConstructor().newInstance();
        for (boolean taken : new boolean[] {false, true}) {
            FakeEngine throwing = new FakeEngine(pending -> {
                if (taken) {
                    pending.markSent();
                }
                FakeEngine.sneakyThrow(thrown);
            });
            EngineRequester one = EngineRequesterTest.requester(throwing, 1);
            for (int i = 0; i < 10; i++) {
                assertThatThrownBy(() -> one.sendAsync(REQUEST, counting)).isSameAs(thrown);
                assertThatThrownBy(() -> one.send(REQUEST)).isSameAs(thrown);
            }
            assertThat(one.statistics().queued()).isZero();
            assertThat(one.statistics().inFlight()).isZero();
            assertThat(outcomes).hasValue(0);
            one.close();
        }
    }

    @Test
    void anEngineThatThrowsAfterTheOutcomeChangesNothing() {
        EngineRequester one = EngineRequesterTest.requester(
                new FakeEngine(pending -> {
                    pending.markSent();
                    pending.complete(FakeEngine.TIMED_OUT);
                    throw new StackOverflowError();
                }),
                1);

        one.sendAsync(REQUEST, counting);

        assertThat(outcomes).hasValue(1);
        assertThat(one.statistics().timedOut()).isEqualTo(1);
        assertThat(one.sendAsync(REQUEST)).isCompletedWithValue(FakeEngine.TIMED_OUT);
    }

    @Test
    void askingAtAnyDepthOfTheStackLosesNoPlace() throws Exception {
        atEveryDepth(depth -> requester.sendAsync(REQUEST, counting));
        atEveryDepth(depth -> FakeEngine.ignore(requester.sendAsync(REQUEST)));
    }

    @Test
    void askingAndCancellingAtAnyDepthLosesNoPlace() throws Exception {
        atEveryDepth(depth -> requester.sendAsync(REQUEST, counting).cancel());
        atEveryDepth(depth -> requester.sendAsync(REQUEST).cancel(true));
    }

    @Test
    void anAnswerInsideTheCallLosesNoPlace() throws Exception {
        FakeEngine answering = FakeEngine.answering();
        EngineRequester one = EngineRequesterTest.requester(answering, 1);
        atEveryDepth(one, answering, depth -> one.sendAsync(REQUEST, counting));
        atEveryDepth(one, answering, depth -> FakeEngine.ignore(one.sendAsync(REQUEST)));
        EchoStatistics statistics = one.statistics();
        assertThat(statistics.inFlight() + statistics.queued()).isZero();
    }

    @Test
    void aThreadInSendGetsAPlaceLeftInDoubt() throws Exception {
        FakeEngine silent = new FakeEngine(pending -> {});
        EngineRequester one = EngineRequesterTest.requester(silent, 1);
        CompletableFuture<EchoOutcome> result = new CompletableFuture<>();
        FakeEngine.ignore(one.sendAsync(REQUEST));
        DeliveryTurn.current().inDoubt = (EngineRequester.Echo) silent.submitted.element();
        DeliveryTurn.anyInDoubt = true;
        Thread sender = new Thread(() -> {
            try {
                result.complete(one.send(REQUEST));
            } catch (InterruptedException e) {
                result.completeExceptionally(e);
            }
        });
        sender.start();
        while (silent.submitted.size() < 2) {
            Thread.onSpinWait();
        }
        one.close();
        assertThat(result.get(20, TimeUnit.SECONDS)).isInstanceOf(EchoOutcome.NotSent.class);
        sender.join();
    }

    private void atEveryDepth(IntConsumer act) throws Exception {
        atEveryDepth(requester, engine, act);
    }

    /**
     * Acts where the stack is nearly at its end, from a little to nothing left, and asks once more on a thread with
     * room.
     */
    private static void atEveryDepth(EngineRequester requester, FakeEngine engine, IntConsumer act) throws Exception {
        List<Throwable> failures = new ArrayList<>();
        AtomicInteger overflows = new AtomicInteger();
        Thread thread = new Thread(
                null,
                () -> {
                    int limit = 0;
                    for (int i = 0; i < 40; i++) {
                        // Until the recursion is compiled, which makes its frames smaller.
                        limit = depth();
                    }
                    int inARow = 0;
                    int depth = Math.max(0, limit - 500);
                    for (int tried = 1; tried < 20_000 && inARow < 30; tried++) {
                        if (tried % 200 == 0 && overflows.get() == 0) {
                            // Compiled once more meanwhile: the frames are smaller still.
                            depth = Math.max(depth, depth() - 500);
                        }
                        depth++;
                        inARow++;
                        try {
                            dig(depth, act);
                            inARow = 0;
                        } catch (StackOverflowError e) {
                            overflows.incrementAndGet();
                        }
                        try {
                            endAll(requester, engine, depth);
                        } catch (Throwable t) {
                            failures.add(t);
                            return;
                        }
                    }
                },
                "shallow",
                STACK);
        thread.start();
        thread.join();
        assertThat(failures).isEmpty();
        assertThat(overflows.get()).as("calls that had no stack").isPositive();
    }

    /** Ends what the engine holds, as it would by its deadline, and finds that there is a place. */
    private static void endAll(EngineRequester requester, FakeEngine engine, int depth) throws Exception {
        for (PendingEcho pending = engine.submitted.poll(); pending != null; pending = engine.submitted.poll()) {
            pending.complete(FakeEngine.TIMED_OUT);
        }
        CompletableFuture<EchoOutcome> other = new CompletableFuture<>();
        Thread somebodyElse = new Thread(() -> {
            try {
                other.complete(requester.sendAsync(REQUEST).getNow(null));
            } catch (Throwable t) {
                other.completeExceptionally(t);
            }
        });
        somebodyElse.start();
        somebodyElse.join();
        EchoOutcome refused = other.get();
        assertThat(refused instanceof EchoOutcome.NotSent)
                .as("depth %d: %s, %s", depth, refused, requester.statistics())
                .isFalse();
        for (PendingEcho pending = engine.submitted.poll(); pending != null; pending = engine.submitted.poll()) {
            pending.complete(FakeEngine.TIMED_OUT);
        }
    }

    private static void dig(int depth, IntConsumer act) {
        if (depth == 0) {
            act.accept(0);
        } else {
            dig(depth - 1, act);
        }
    }

    /** {@return the deepest recursion this thread can do} */
    private static int depth() {
        int possible = 0;
        int impossible = 1 << 20;
        while (impossible - possible > 1) {
            int tried = (possible + impossible) >>> 1;
            try {
                dig(tried, nothing -> {});
                possible = tried;
            } catch (StackOverflowError e) {
                impossible = tried;
            }
        }
        return possible;
    }
}
