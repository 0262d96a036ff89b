// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.NotSentReason;
import dev.netecho.spi.PendingEcho;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class SubmissionStackTest {
    private static final int THREADS = 4;
    private static final int EACH = 20_000;

    private final SubmissionStack stack = new SubmissionStack();

    @Test
    void isFirstInFirstOut() {
        PendingEcho first = Pendings.any();
        PendingEcho second = Pendings.any();
        PendingEcho third = Pendings.any();
        assertThat(stack.isEmpty()).isTrue();
        assertThat(stack.takeAll()).isNull();

        assertThat(stack.push(first)).isTrue();
        assertThat(stack.push(second)).isTrue();
        assertThat(stack.isEmpty()).isFalse();
        assertThat(list(stack.takeAll())).containsExactly(first, second);
        assertThat(stack.isEmpty()).isTrue();
        assertThat(stack.push(third)).isTrue();
        assertThat(list(stack.takeAll())).containsExactly(third);
    }

    @Test
    void whatIsPutBackIsTakenFirst() {
        PendingEcho first = Pendings.any();
        PendingEcho second = Pendings.any();
        PendingEcho third = Pendings.any();

        stack.putBack(null);
        assertThat(stack.isEmpty()).isTrue();

        stack.push(first);
        stack.push(second);
        stack.putBack(stack.takeAll());
        assertThat(stack.isEmpty()).isFalse();
        stack.push(third);
        assertThat(list(stack.takeAll())).containsExactly(first, second, third);
        assertThat(stack.isEmpty()).isTrue();

        stack.push(first);
        stack.push(second);
        stack.putBack(stack.takeAll());
        stack.push(third);
        assertThat(list(stack.close())).containsExactly(first, second, third);
        assertThat(stack.isEmpty()).isTrue();
    }

    @Test
    void completesWhatComesAfterTheClose() {
        AtomicReference<EchoOutcome> before = new AtomicReference<>();
        PendingEcho left = Pendings.recording(before);
        stack.push(left);

        assertThat(list(stack.close())).containsExactly(left);
        assertThat(before.get())
                .as("what was there is for the caller to complete")
                .isNull();
        AtomicReference<EchoOutcome> outcome = new AtomicReference<>();
        assertThat(stack.push(Pendings.recording(outcome))).as("nobody to wake").isFalse();
        assertThat(outcome.get())
                .isInstanceOfSatisfying(
                        EchoOutcome.NotSent.class,
                        notSent -> assertThat(notSent.reason()).isEqualTo(NotSentReason.CLOSED));
        assertThat(stack.close()).isNull();
        assertThat(stack.takeAll()).isNull();
    }

    @Test
    void keepsTheOrderOfEachThreadAndLosesNothing() throws InterruptedException {
        CountDownLatch start = new CountDownLatch(1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < THREADS; t++) {
            int number = t;
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException e) {
                    return; // the count at the end shows it
                }
                for (int i = 0; i < EACH; i++) {
                    PendingEcho echo = Pendings.any();
                    echo.handle(number * EACH + i);
                    stack.push(echo);
                }
            });
            threads.add(thread);
            thread.start();
        }
        start.countDown();

        Map<Integer, Integer> next = new HashMap<>();
        int taken = 0;
        while (taken < THREADS * EACH) {
            for (PendingEcho echo : list(stack.takeAll())) {
                int thread = echo.handle() / EACH;
                assertThat(echo.handle() % EACH)
                        .as("next of thread %d", thread)
                        .isEqualTo(next.merge(thread, 1, Integer::sum) - 1);
                taken++;
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(stack.takeAll()).isNull();
    }

    @Test
    void losesNothingWhenItIsClosedWhileThreadsPush() throws InterruptedException {
        for (int round = 0; round < 200; round++) {
            SubmissionStack closing = new SubmissionStack();
            List<AtomicReference<EchoOutcome>> outcomes = new ArrayList<>();
            List<PendingEcho> echoes = new ArrayList<>();
            for (int i = 0; i < 100; i++) {
                outcomes.add(new AtomicReference<>());
                echoes.add(Pendings.recording(outcomes.get(i)));
            }
            Thread pusher = new Thread(() -> echoes.forEach(closing::push));
            pusher.start();
            List<PendingEcho> left = list(closing.close());
            pusher.join();

            long refused = outcomes.stream().filter(o -> o.get() != null).count();
            assertThat(left.size() + refused).as("round %d", round).isEqualTo(100);
        }
    }

    /**
     * One loop that takes, keeps, puts back and closes as a seed says, against threads that push: each request ends
     * exactly once.
     */
    @Test
    void everyRequestReachesTheLoopOrIsRefused() throws InterruptedException {
        long seed = ThreadLocalRandom.current().nextLong();
        for (int round = 0; round < 300; round++) {
            oneSchedule(new SplittableRandom(seed + round), "seed " + seed + ", round " + round);
        }
    }

    private static void oneSchedule(SplittableRandom random, String what) throws InterruptedException {
        SubmissionStack shared = new SubmissionStack();
        int pushers = 1 + random.nextInt(3);
        int each = 1 + random.nextInt(60);
        List<AtomicReference<EchoOutcome>> outcomes = new ArrayList<>();
        List<PendingEcho> echoes = new ArrayList<>();
        for (int i = 0; i < pushers * each; i++) {
            outcomes.add(new AtomicReference<>());
            echoes.add(Pendings.recording(outcomes.get(i)));
            echoes.get(i).handle(i);
        }
        CyclicBarrier start = new CyclicBarrier(pushers + 1);
        List<Thread> threads = new ArrayList<>();
        for (int t = 0; t < pushers; t++) {
            List<PendingEcho> own = echoes.subList(t * each, (t + 1) * each);
            Thread thread = new Thread(() -> {
                try {
                    start.await();
                } catch (InterruptedException | BrokenBarrierException e) {
                    return; // the count at the end shows it
                }
                own.forEach(shared::push);
            });
            threads.add(thread);
            thread.start();
        }
        List<PendingEcho> taken = new ArrayList<>();
        try {
            start.await();
        } catch (BrokenBarrierException e) {
            throw new AssertionError(what, e);
        }
        for (int turns = random.nextInt(40); turns > 0; turns--) {
            PendingEcho rest = shared.takeAll();
            for (int keep = random.nextInt(30); keep > 0 && rest != null; keep--) {
                taken.add(rest);
                rest = rest.next();
            }
            shared.putBack(rest);
        }
        taken.addAll(list(shared.close()));
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(shared.takeAll()).as(what).isNull();
        assertThat(taken).as(what).doesNotHaveDuplicates();
        int[] last = new int[pushers];
        Arrays.fill(last, -1);
        for (PendingEcho echo : taken) {
            int thread = echo.handle() / each;
            assertThat(echo.handle())
                    .as("%s, the order of thread %d", what, thread)
                    .isGreaterThan(last[thread]);
            last[thread] = echo.handle();
            assertThat(echo.isDone()).as("%s, taken and refused", what).isFalse();
        }
        long refused =
                outcomes.stream().filter(outcome -> outcome.get() != null).count();
        assertThat(taken.size() + refused).as("%s, taken or refused", what).isEqualTo(echoes.size());
    }

    private static List<PendingEcho> list(PendingEcho oldest) {
        List<PendingEcho> all = new ArrayList<>();
        for (PendingEcho echo = oldest; echo != null; echo = echo.next()) {
            all.add(echo);
        }
        return all;
    }
}
