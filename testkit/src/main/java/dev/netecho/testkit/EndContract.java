// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.lab.LabPlan;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.opentest4j.TestAbortedException;

/** The rules END-1 to END-6: a cancelled request is over at once, and closing releases everything. */
public abstract class EndContract extends EchoContract {
    private static final Duration LATE_ANSWER = Duration.ofMillis(300);
    private static final Duration CLOSING = Duration.ofMillis(100);
    private static final int BLOCK = 50;
    private static final int NUMBERS = 1 << 16;
    private static final int O_CLOEXEC = 02000000;
    private static final Duration REPORTING = Duration.ofSeconds(5);
    private static final int COLLECTIONS = 30;
    private static final int DROPPED_AT_ONCE = 20;
    private static final int DROPPED_AT_LEAST = 60;

    /** For a slow machine: after this time only the least number is opened. */
    private static final Duration DROPPING = Duration.ofSeconds(20);

    private static final AtomicInteger DROPPED = new AtomicInteger();

    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims
     */
    protected EndContract(ContractHarness harness) {
        super(harness);
    }

    @SpecTest(rule = "END-1", cases = "C116")
    void end1ACancelledRequestMakesRoomAtOnce(IpVersion family) {
        EchoRequester open = requester(builder -> builder.maxOutstanding(1));
        for (int i = 0; i < 100; i++) {
            CompletableFuture<EchoOutcome> future =
                    open.sendAsync(to(family, LabPlan.SILENT, 1).build());
            check(future.cancel(false), "a request in flight can be cancelled, but it was done: " + future);
        }
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
        checkEquals(100L, open.statistics().notSent(), "cancelled requests");
    }

    @SpecTest(rule = "END-1", cases = "C116", unless = Limit.NO_LAB)
    void end1TheAnswerToACancelledRequestIsLate(IpVersion family) {
        EchoRequester open = requester();
        CompletableFuture<EchoOutcome> future =
                open.sendAsync(to(family, LabPlan.LATE, 2).build());
        // This answer shows that the other request, which came first, was sent.
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
        future.cancel(false);
        pass(LATE_ANSWER);
        checkCounted(1, Stray.LATE);
    }

    @SpecTest(rule = "END-1", cases = "C116")
    void end1CancellingWhatIsOverHasNoEffect(IpVersion family) {
        EchoRequester open = requester();
        CompletableFuture<EchoOutcome> future =
                open.sendAsync(to(family, LabPlan.AT_ONCE, 1).build());
        check(time().await(future::isDone, PATIENCE), "the request ends");
        check(!future.cancel(false), "what is over cannot be cancelled, but it was");
        checkEquals(1L, open.statistics().replies(), "replies");
        checkEquals(0L, open.statistics().notSent(), "requests not sent");
    }

    @SpecTest(rule = "END-1", cases = "C116")
    void end1CancelledRequestsDoNotUseUpTheNumbers(IpVersion family) {
        EchoRequester open = requester();
        EchoRequest request =
                to(family, LabPlan.SILENT, 1).payload(EchoPayload.ofSize(8)).build();
        int total = harness().bulk(70_000);
        // Windows forgets no request before the system's time-out, and takes a bounded number: only some can be awaited
        // there.
        int awaited = total > NUMBERS ? total : Math.min(total, 2 * BLOCK);
        List<CompletableFuture<EchoOutcome>> block = new ArrayList<>();
        for (int i = 0; i < awaited; i++) {
            block.add(open.sendAsync(request));
            if (block.size() == BLOCK || i == awaited - 1) {
                int all = block.size();
                check(
                        time().await(() -> open.statistics().inFlight() == all, PATIENCE),
                        () -> all + " requests are in flight, but " + open.statistics());
                block.forEach(future -> future.cancel(false));
                block.clear();
            }
        }
        for (int i = awaited; i < total; i++) {
            open.sendAsync(request).cancel(false);
        }
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "END-1", cases = "C116")
    void end1CancelledRequestsInTheQueueCauseNoRefusal(IpVersion family) {
        int places = 6_000;
        int cancelled = 2_900;
        EchoRequester open = requester(builder -> builder.maxOutstanding(places).maxRate(1));
        EchoRequest request = to(family, LabPlan.SILENT, 1).build();
        List<CompletableFuture<EchoOutcome>> asked = new ArrayList<>();
        for (int i = 0; i < places; i++) {
            asked.add(open.sendAsync(request));
        }
        long over = 0;
        for (int turn = 0; turn < 3; turn++) {
            // Every other one, so that those that stay are everywhere in the queue.
            for (int i = 0; i < cancelled; i++) {
                over += asked.get(2 * i).cancel(false) ? 1 : 0;
            }
            asked.removeIf(CompletableFuture::isCancelled);
            for (int i = 0; i < cancelled; i++) {
                CompletableFuture<EchoOutcome> future = open.sendAsync(request);
                check(
                        !(future.getNow(null) instanceof EchoOutcome.NotSent),
                        "there are places, but it was refused: " + future.getNow(null) + ", " + open.statistics());
                asked.add(future);
            }
        }
        checkEquals(over, open.statistics().notSent(), "cancelled requests");
    }

    @SpecTest(rule = "END-1", cases = "C124")
    void end1AnInterruptedCallerGivesItsRequestUp(IpVersion family) throws InterruptedException {
        EchoRequester open = requester();
        EchoRequest request = to(family, LabPlan.SILENT, 1).build();
        AtomicReference<Object> result = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                result.set(open.send(request));
            } catch (InterruptedException e) {
                result.set(e);
            }
        });
        caller.start();
        check(
                ContractTime.ofMachine().await(() -> open.statistics().inFlight() == 1, PATIENCE),
                "the request is in flight, but " + open.statistics());
        caller.interrupt();
        caller.join(PATIENCE.toMillis());
        check(result.get() instanceof InterruptedException, "send() is interrupted, but it is " + result.get());
        checkEquals(0L, open.statistics().inFlight(), "requests in flight");
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    /** The quickest of five: 100 ms are promised for an idle machine, and this one may be busy. */
    @SpecTest(rule = "END-2", cases = "C117")
    void end2CloseEndsWhatIsOutstandingAtOnceAndSaysSo(IpVersion family) {
        Duration quickest = Duration.ofDays(1);
        for (int i = 0; i < 5 && quickest.compareTo(CLOSING) > 0; i++) {
            Duration taken = closingAThousand(family);
            quickest = taken.compareTo(quickest) < 0 ? taken : quickest;
        }
        check(
                quickest.compareTo(CLOSING) <= 0,
                "close() ends a thousand requests within " + CLOSING + ", but it took " + quickest);
    }

    /** {@return how long close() took or, if it waits for the system, how long it took to end all requests} */
    private Duration closingAThousand(IpVersion family) {
        EchoRequester open = open(UnaryOperator.identity());
        AtomicLong last = new AtomicLong(Long.MIN_VALUE);
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            asked.add(ask(open, new Probe(to(family, LabPlan.SILENT, i % 256).build(), time()) {
                @Override
                public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                    last.accumulateAndGet(System.nanoTime(), Math::max);
                    super.onOutcome(request, outcome);
                }
            }));
        }
        check(
                time().await(() -> open.statistics().inFlight() > 0, PATIENCE),
                () -> "some requests are in flight, but " + open.statistics());
        long before = System.nanoTime();
        open.close();
        Duration taken = Duration.ofNanos(System.nanoTime() - before);
        check(taken.compareTo(Duration.ofSeconds(2)) < 0, "close() is quick, but it took " + taken);
        for (Probe probe : asked) {
            check(probe.isDone(), "close() ends every request before it returns, but one is outstanding");
            checkEquals(NotSentReason.CLOSED, notSent(probe.outcome()).reason(), "the reason");
        }
        return harness().reasonAgainst(Limit.CLOSE_AWAITS_SYSTEM).isPresent()
                ? Duration.ofNanos(last.get() - before)
                : taken;
    }

    @SpecTest(rule = "END-2", cases = "C119")
    void end2ARequestAfterCloseIsNotSent(IpVersion family) {
        EchoRequester open = open(UnaryOperator.identity());
        open.close();
        Probe asked = ask(open, to(family, LabPlan.AT_ONCE, 1).build());
        checkEquals(NotSentReason.CLOSED, notSent(outcome(asked)).reason(), "the reason");
        checkEquals(0L, open.statistics().sent(), "what was sent");
        intact(outcome(to(family, LabPlan.AT_ONCE, 2))); // of another requester, and later
        checkNothingLeft(asked.request.destination());
    }

    @SpecTest(rule = "END-2", cases = "C118")
    void end2CloseMayBeCalledTwiceAndByManyThreads(IpVersion family) throws InterruptedException {
        EchoRequester open = open(UnaryOperator.identity());
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            asked.add(ask(open, to(family, LabPlan.SILENT, i).build()));
        }
        List<Thread> threads = new ArrayList<>();
        AtomicReference<RuntimeException> thrown = new AtomicReference<>();
        for (int i = 0; i < 4; i++) {
            Thread thread = new Thread(() -> {
                try {
                    open.close();
                } catch (RuntimeException e) {
                    thrown.set(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
            check(!thread.isAlive(), "close() returns, but it hangs");
        }
        check(thrown.get() == null, "close() throws nothing, but it threw " + thrown.get());
        open.close();
        awaitAll(asked);
        asked.forEach(probe ->
                checkEquals(NotSentReason.CLOSED, notSent(probe.outcome()).reason(), "the reason"));
    }

    @SpecTest(
            rule = "END-2",
            cases = {"C118", "C122"})
    void end2CloseMayBeCalledByAListener(IpVersion family) {
        EchoRequester open = open(UnaryOperator.identity());
        Probe other = ask(open, to(family, LabPlan.SILENT, 1).build());
        Probe closing = ask(open, new Probe(to(family, LabPlan.AT_ONCE, 1).build(), time()) {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                super.onOutcome(request, outcome);
                open.close();
            }
        });
        awaitAll(List.of(closing, other));
        intact(closing.outcome());
        checkEquals(NotSentReason.CLOSED, notSent(other.outcome()).reason(), "the reason");
    }

    @SpecTest(rule = "END-2", cases = "C123")
    void end2OpeningAndClosingManyTimesLeavesNothing(IpVersion family) {
        int total = harness().bulk(1_000);
        for (int i = 0; i < total; i++) {
            EchoRequester open = open(UnaryOperator.identity());
            Probe asked = ask(open, to(family, LabPlan.AT_ONCE, 1).build());
            if (i % 20 == 0) {
                intact(outcome(asked));
            }
            open.close();
        } // what is still held is checked after the last test of the class
    }

    /** The quickest of three: 100 ms are promised of an idle machine. */
    @SpecTest(
            rule = "END-2",
            cases = {"C117", "C121"})
    void end2ABlockedListenerHoldsUpNoOtherOutcome(IpVersion family) throws InterruptedException {
        Duration quickest = Duration.ofDays(1);
        for (int i = 0; i < 3 && quickest.compareTo(CLOSING) > 0; i++) {
            Duration taken = endingOthers(family);
            quickest = taken.compareTo(quickest) < 0 ? taken : quickest;
        }
        check(
                quickest.compareTo(CLOSING) <= 0,
                "the others have their outcome within " + CLOSING + " of close(), but it took " + quickest);
    }

    private Duration endingOthers(IpVersion family) throws InterruptedException {
        // first: where there is no lab, this ends the test.
        EchoRequest silent = to(family, LabPlan.SILENT, 1).build();
        EchoRequester open = open(UnaryOperator.identity());
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        Probe blocking = ask(open, new Probe(to(family, LabPlan.AT_ONCE, 1).build(), time()) {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                blocked.countDown();
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                super.onOutcome(request, outcome);
            }
        });
        Probe before = ask(open, silent);
        // The listener may also hold the thread that lets time pass, and close().
        Thread passing = daemon(() -> awaitAll(List.of(blocking)));
        AtomicReference<Object> sent = new AtomicReference<>();
        Thread sender = null;
        Thread closing = null;
        try {
            check(blocked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the listener is called");
            List<Probe> others = new ArrayList<>(List.of(before));
            for (int i = 0; i < 100; i++) {
                others.add(ask(open, silent));
            }
            CompletableFuture<EchoOutcome> future = open.sendAsync(silent);
            sender = daemon(() -> {
                try {
                    sent.set(open.send(silent));
                } catch (InterruptedException e) {
                    sent.set(e);
                }
            });
            check(
                    ContractTime.ofMachine()
                            .await(
                                    () -> open.statistics().queued()
                                                    + open.statistics().inFlight()
                                            >= 103,
                                    PATIENCE),
                    () -> "all others are outstanding, but " + open.statistics());
            long began = System.nanoTime();
            closing = daemon(open::close);
            boolean ended = ContractTime.ofMachine()
                    .await(
                            () -> others.stream().allMatch(Probe::isDone) && future.isDone() && sent.get() != null,
                            Duration.ofSeconds(2));
            Duration taken = Duration.ofNanos(System.nanoTime() - began);
            check(
                    ended,
                    "a listener that blocks keeps no other request from its outcome, but some have none after "
                            + taken);
            others.forEach(probe ->
                    checkEquals(NotSentReason.CLOSED, notSent(probe.outcome()).reason(), "the reason"));
            check(sent.get() instanceof EchoOutcome.NotSent, "send() ends as closed, but it is " + sent.get());
            return taken;
        } finally {
            release.countDown();
            passing.join(PATIENCE.toMillis());
            if (sender != null) {
                sender.join(PATIENCE.toMillis());
            }
            if (closing != null) {
                closing.join(PATIENCE.toMillis());
            }
        }
    }

    /** A listener that blocks when it is told that its request is closed blocks a thread that closes. */
    @SpecTest(
            rule = "END-2",
            cases = {"C117", "C121"})
    void end2ListenersThatBlockInCloseHoldUpNoOtherOutcome(IpVersion family) {
        EchoRequest silent = to(family, LabPlan.SILENT, 1).build();
        EchoRequester open = open(UnaryOperator.identity());
        CountDownLatch release = new CountDownLatch(1);
        List<Probe> blocking = new ArrayList<>();
        List<Probe> others = new ArrayList<>();
        AtomicReference<Object> sent = new AtomicReference<>();
        List<Thread> helpers = new ArrayList<>();
        try {
            for (int i = 0; i < 8; i++) {
                blocking.add(ask(open, new Probe(silent, time()) {
                    @Override
                    public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                        EndContract.await(release);
                        super.onOutcome(request, outcome);
                    }
                }));
                others.add(ask(open, silent));
            }
            CompletableFuture<EchoOutcome> future = open.sendAsync(silent);
            helpers.add(daemon(() -> {
                try {
                    sent.set(open.send(silent));
                } catch (InterruptedException e) {
                    sent.set(e);
                }
            }));
            check(
                    ContractTime.ofMachine()
                            .await(
                                    () -> open.statistics().queued()
                                                    + open.statistics().inFlight()
                                            >= 18,
                                    PATIENCE),
                    () -> "all are outstanding, but " + open.statistics());
            helpers.add(daemon(open::close));
            check(
                    ContractTime.ofMachine()
                            .await(
                                    () -> others.stream().allMatch(Probe::isDone)
                                            && future.isDone()
                                            && sent.get() != null,
                                    Duration.ofSeconds(4)),
                    "listeners that block in close() keep no other request from its outcome, but some have none");
            others.forEach(probe ->
                    checkEquals(NotSentReason.CLOSED, notSent(probe.outcome()).reason(), "the reason"));
            checkEquals(NotSentReason.CLOSED, notSent(future.join()).reason(), "the reason of a future");
            check(sent.get() instanceof EchoOutcome.NotSent, "send() ends as closed, but it is " + sent.get());
        } finally {
            release.countDown();
            helpers.forEach(EndContract::join);
        }
        check(
                ContractTime.ofMachine().await(() -> blocking.stream().allMatch(Probe::isDone), PATIENCE),
                "the listeners that blocked were told, but some were not");
    }

    private static Thread daemon(Runnable task) {
        Thread thread = new Thread(task, "contract-helper");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    @SpecTest(rule = "END-5", cases = "C117")
    void end5WhatAnExecutorDropsIsDeliveredByClose(IpVersion family) {
        List<Runnable> dropped = new CopyOnWriteArrayList<>();
        EchoRequester open = requester(builder -> builder.listenerExecutor(dropped::add));
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            asked.add(ask(open, to(family, LabPlan.AT_ONCE, i).build()));
        }
        check(
                time().await(() -> dropped.size() == 20, PATIENCE),
                () -> "the executor has all outcomes, but it has " + dropped.size());
        check(asked.stream().noneMatch(Probe::isDone), "only the executor delivers while the requester is open");
        dropped.get(0).run();
        open.close();
        check(
                ContractTime.ofMachine().await(() -> asked.stream().allMatch(Probe::isDone), Duration.ofSeconds(2)),
                "what the executor has dropped is delivered when the requester closes, but some is not");
        dropped.forEach(Runnable::run);
        asked.forEach(probe -> intact(probe.outcome()));
        asked.forEach(probe -> checkEquals(1, probe.calls(), "deliveries of one outcome"));
    }

    @SpecTest(rule = "END-5", cases = "C117")
    void end5AnExecutorThatRefusesFailsOrRunsTwiceCostsNoOutcome(IpVersion family) {
        expectLog("listener calls threw");
        List<Thread> threads = new CopyOnWriteArrayList<>();
        // Those that fail come last: their log lines must not remain if another one fails the test.
        Map<String, Executor> executors = new LinkedHashMap<>();
        executors.put("runs inline", Runnable::run);
        executors.put("runs twice", task -> threads.add(runTwice(task)));
        executors.put("runs twice at once", task -> {
            threads.add(runTwice(task));
            threads.add(runTwice(task));
        });
        executors.put("refuses", task -> {
            throw new RejectedExecutionException("an executor of the contract refuses");
        });
        executors.put("throws", task -> {
            throw new IllegalStateException("an executor of the contract fails");
        });
        executors.put("throws an Error", task -> {
            throw new NoClassDefFoundError("an executor of the contract fails");
        });
        executors.put("runs and throws", task -> {
            task.run();
            throw new IllegalStateException("an executor of the contract fails");
        });
        executors.forEach((does, executor) -> {
            EchoRequester open = open(builder -> builder.listenerExecutor(executor));
            List<Probe> asked = new ArrayList<>();
            for (int i = 0; i < 20; i++) {
                asked.add(ask(open, to(family, LabPlan.AT_ONCE, i).build()));
            }
            awaitAll(asked);
            threads.forEach(EndContract::join);
            asked.forEach(probe -> intact(probe.outcome()));
            asked.forEach(
                    probe -> checkEquals(1, probe.calls(), "deliveries of one outcome by an executor that " + does));
        });
    }

    private static Thread runTwice(Runnable task) {
        Thread thread = new Thread(
                () -> {
                    task.run();
                    task.run();
                },
                "contract-executor");
        thread.setDaemon(true);
        thread.start();
        return thread;
    }

    private static void join(Thread thread) {
        try {
            thread.join(PATIENCE.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** How the executor of {@link #end5AnExecutorThatBlocksHoldsUpNoOtherCaller} blocks. */
    private enum Blocking {
        /** From its first task on, which delivers a reply: the engine's thread is held. */
        WHEN_ASKED,
        /** From the time when the requester closes. */
        WHEN_CLOSED,
        /** Never, but its only thread blocks: no task runs. */
        ITS_THREAD
    }

    /** The quickest of three: 100 ms are promised of an idle machine. */
    @SpecTest(
            rule = "END-5",
            cases = {"C117", "C143"})
    void end5AnExecutorThatBlocksHoldsUpNoOtherCaller(IpVersion family) throws InterruptedException {
        for (Blocking blocking : Blocking.values()) {
            Duration quickest = Duration.ofDays(1);
            for (int i = 0; i < 3 && quickest.compareTo(CLOSING) > 0; i++) {
                Duration taken = sendingWhileAnExecutorBlocks(family, blocking);
                quickest = taken.compareTo(quickest) < 0 ? taken : quickest;
            }
            check(
                    quickest.compareTo(CLOSING) <= 0,
                    "send() ends within " + CLOSING + " of close() where an executor blocks " + blocking
                            + ", but it took " + quickest);
        }
    }

    private Duration sendingWhileAnExecutorBlocks(IpVersion family, Blocking blocking) throws InterruptedException {
        // first: where there is no lab, this ends the test.
        EchoRequest silent = to(family, LabPlan.SILENT, 1).build();
        CountDownLatch blocked = new CountDownLatch(1);
        CountDownLatch release = new CountDownLatch(1);
        AtomicBoolean closes = new AtomicBoolean();
        List<Runnable> waiting = new CopyOnWriteArrayList<>();
        EchoRequester open = open(builder -> builder.listenerExecutor(task -> {
            if (blocking == Blocking.ITS_THREAD) {
                waiting.add(task);
            } else if (blocking == Blocking.WHEN_ASKED || closes.get()) {
                blocked.countDown();
                await(release);
                task.run();
            } else {
                task.run();
            }
        }));
        List<Probe> others = new ArrayList<>();
        CompletableFuture<EchoOutcome> sent = new CompletableFuture<>();
        List<Thread> helpers = new ArrayList<>();
        try {
            if (blocking == Blocking.WHEN_ASKED) {
                Probe replied = ask(open, to(family, LabPlan.AT_ONCE, 1).build());
                // Lets time pass, and may be held as well.
                helpers.add(daemon(() -> awaitAll(List.of(replied))));
                check(blocked.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the executor is given the outcome");
            }
            for (int i = 0; i < 100; i++) {
                others.add(ask(open, silent));
            }
            helpers.add(daemon(() -> send(open, silent, sent)));
            check(
                    ContractTime.ofMachine()
                            .await(
                                    () -> open.statistics().queued()
                                                    + open.statistics().inFlight()
                                            >= 101,
                                    PATIENCE),
                    () -> "all others are outstanding, but " + open.statistics());
            closes.set(true);
            long began = System.nanoTime();
            Thread closing = daemon(open::close);
            helpers.add(closing);
            check(
                    ContractTime.ofMachine().await(sent::isDone, Duration.ofSeconds(2)),
                    "an executor that blocks " + blocking + " keeps no caller of send() from its outcome, but it does");
            Duration taken = Duration.ofNanos(System.nanoTime() - began);
            checkEquals(NotSentReason.CLOSED, notSent(sent.join()).reason(), "the reason of send()");
            if (blocking != Blocking.WHEN_ASKED) {
                // Otherwise close() waits for the engine's thread, as long as END-2 allows.
                check(
                        ContractTime.ofMachine().await(() -> !closing.isAlive(), Duration.ofSeconds(2)),
                        "close() does not wait for an executor that blocks " + blocking + ", but it does");
                check(
                        ContractTime.ofMachine()
                                .await(() -> others.stream().allMatch(Probe::isDone), Duration.ofSeconds(2)),
                        "what an executor that blocks " + blocking + " has not run is delivered, but some is not");
            }
            // END-2 covers a thread that is held before the requester closes, and has its own time.
            return blocking == Blocking.WHEN_ASKED ? Duration.ZERO : taken;
        } finally {
            release.countDown();
            helpers.forEach(EndContract::join);
            waiting.forEach(Runnable::run);
        }
    }

    private static void send(EchoRequester open, EchoRequest request, CompletableFuture<EchoOutcome> result) {
        try {
            result.complete(open.send(request));
        } catch (InterruptedException e) {
            result.completeExceptionally(e);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            check(latch.await(PATIENCE.toSeconds(), TimeUnit.SECONDS), "the test releases what it blocks");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @SpecTest(rule = "END-3", cases = "C126", unless = Limit.NO_LENT_LOOP)
    void end3ALoopThatEndsTakesItsRequestsWithItAndSaysSo(IpVersion family) {
        EchoRequest.Builder silent = to(family, LabPlan.SILENT, 1);
        EchoRequester.Builder builder = harness().newBuilder();
        Runnable end = harness().lendLoop(builder);
        EchoRequester open = open(ours -> builder);
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            asked.add(ask(open, silent.build()));
        }
        end.run();
        awaitAll(asked);
        asked.forEach(probe ->
                checkEquals(NotSentReason.CLOSED, notSent(probe.outcome()).reason(), "the reason"));
    }

    @SpecTest(rule = "END-4", cases = "C128", unless = Limit.NO_DESCRIPTORS)
    void end4DescriptorsAreClosedInChildProcesses(IpVersion family) throws IOException {
        if (!Files.isDirectory(Path.of("/proc/self/fdinfo"))) {
            throw new TestAbortedException("this system shows no flags of descriptors");
        }
        Set<String> earlier = inheritable(); // what this process inherited, and what others opened
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
        intact(outcome(to(family, LabPlan.AT_ONCE, 1).payload(EchoPayload.ofSize(8))));
        Set<String> more = inheritable();
        more.removeAll(earlier);
        check(more.isEmpty(), "descriptors are closed in child processes, but these are not: " + more);
    }

    /** A listener that refers to the requester, as those of agents do. */
    private record Asking(EchoRequester requester, Queue<EchoOutcome> outcomes) implements EchoListener {
        @Override
        public void onOutcome(EchoRequest request, EchoOutcome outcome) {
            outcomes.add(outcome);
        }
    }

    /** A requester that was opened to be dropped. */
    private final class Dropped {
        final String name = "icmp-echo-dropped-" + DROPPED.incrementAndGet();
        private WeakReference<EchoRequester> requester = new WeakReference<>(null);

        /** Opens it and uses it; nothing else here may refer to it. */
        Dropped(Consumer<EchoRequester> use) {
            try {
                EchoRequester open = harness().open(harness().newBuilder().name(name));
                use.accept(open);
                requester = new WeakReference<>(open);
            } catch (EchoUnavailableException e) {
                throw new AssertionError("the backend cannot be opened: " + e.getMessage(), e);
            }
        }

        /** Counts collections and not seconds, because a busy machine takes long for one. */
        void checkCollected(String what) {
            for (int i = 0; i < COLLECTIONS && requester.get() != null; i++) {
                System.gc();
                ContractTime.ofMachine().pass(Duration.ofMillis(10));
            }
            check(requester.get() == null, what + " holds no requester, but something does");
        }

        /** One warning names it, if the log can be read. */
        void checkReported() {
            if (RecordedLog.isInUse()) {
                check(
                        ContractTime.ofMachine().await(() -> lines() > 0, REPORTING),
                        "a warning names the requester that was dropped, but none does");
                checkEquals(1L, lines(), "the number of warnings");
            }
        }

        private long lines() {
            return RecordedLog.lines().stream()
                    .filter(line -> line.text().startsWith(name + ": a requester of "))
                    .count();
        }
    }

    private void checkReleased(Holdings before) {
        check(
                ContractTime.ofMachine().await(() -> isReleased(before), PATIENCE),
                () -> "what was dropped is released, but there is more: "
                        + Holdings.now(harness()).moreThan(before));
    }

    private boolean isReleased(Holdings before) {
        if (Holdings.now(harness()).moreThan(before).isEmpty()) {
            return true;
        }
        System.gc();
        return false;
    }

    @SpecTest(rule = "END-6", cases = "C144", families = IpVersion.V4, unless = Limit.NO_COLLECTION)
    void end6ARequesterIsMissedWhenItsRequestsAreOver(IpVersion family) {
        EchoRequest late = to(family, LabPlan.DELAYED, 25).build();
        EchoRequest atOnce = to(family, LabPlan.AT_ONCE, 1).build();
        Queue<EchoOutcome> ends = new ConcurrentLinkedQueue<>();
        Holdings before = Holdings.now(harness());
        Dropped dropped = new Dropped(open -> {
            open.sendAsync(atOnce, new Asking(open, ends));
            open.sendAsync(late, new Asking(open, ends));
        });
        check(time().await(() -> ends.size() >= 2, PATIENCE), () -> "both requests end, but only these did: " + ends);
        ends.forEach(EchoContract::intact);
        dropped.checkCollected("what is over");
        dropped.checkReported();
        checkReleased(before);
    }

    /** The garbage collector finds that nobody has the requester while its request is in flight. */
    @SpecTest(rule = "END-6", cases = "C144", families = IpVersion.V4, unless = Limit.NO_COLLECTION)
    void end6ADroppedRequesterOwesItsOutcomes(IpVersion family) {
        EchoRequest late = to(family, LabPlan.LATE, 2).build();
        List<CompletableFuture<EchoOutcome>> asked = new ArrayList<>();
        Holdings before = Holdings.now(harness());
        Dropped dropped = new Dropped(open -> asked.add(open.sendAsync(late)));
        dropped.checkCollected("a request in flight");
        CompletableFuture<EchoOutcome> future = asked.get(0);
        check(time().await(future::isDone, PATIENCE), "the request ends");
        intact(future.join());
        dropped.checkReported();
        checkReleased(before);
    }

    @SpecTest(rule = "END-6", cases = "C144", families = IpVersion.V4, unless = Limit.NO_COLLECTION)
    void end6OpeningAndDroppingManyTimesLeavesNothing(IpVersion family) {
        EchoRequest request = to(family, LabPlan.AT_ONCE, 1).build();
        int total = harness().bulk(1_000);
        long enough = System.nanoTime() + DROPPING.toNanos();
        Queue<EchoOutcome> ends = new ConcurrentLinkedQueue<>();
        for (int opened = 0; opened < total && (opened < DROPPED_AT_LEAST || System.nanoTime() - enough < 0); ) {
            Holdings before = Holdings.now(harness());
            int until = Math.min(total, opened + DROPPED_AT_ONCE);
            for (; opened < until; opened++) {
                new Dropped(open -> open.sendAsync(request, new Asking(open, ends)));
            }
            check(
                    time().await(() -> ends.size() >= until, PATIENCE),
                    () -> until + " requests end, but only " + ends.size() + " did");
            checkReleased(before);
        }
        ends.forEach(EchoContract::intact);
    }

    /** {@return the sockets and anonymous objects of this process that a child would inherit} */
    private static Set<String> inheritable() throws IOException {
        Set<String> inheritable = new TreeSet<>();
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            for (Path descriptor : descriptors.toList()) {
                String target = target(descriptor);
                if ((target.startsWith("socket:") || target.startsWith("anon_inode:")) && !isClosedOnExec(descriptor)) {
                    inheritable.add(descriptor.getFileName() + " " + target);
                }
            }
        }
        return inheritable;
    }

    private static String target(Path descriptor) throws IOException {
        try {
            return Files.readSymbolicLink(descriptor).toString();
        } catch (NoSuchFileException e) {
            return "closed"; // in the meantime, for example the descriptor of the listing
        }
    }

    /** Reads without the direct buffer that a channel would leave with this thread. */
    private static boolean isClosedOnExec(Path descriptor) throws IOException {
        Path info = Path.of("/proc/self/fdinfo", descriptor.getFileName().toString());
        try (FileInputStream in = new FileInputStream(info.toFile())) {
            return new String(in.readAllBytes(), StandardCharsets.US_ASCII)
                    .lines()
                    .filter(line -> line.startsWith("flags:"))
                    .allMatch(line -> (Integer.parseInt(line.substring(6).strip(), 8) & O_CLOEXEC) != 0);
        } catch (FileNotFoundException e) {
            return true; // closed in the meantime
        }
    }
}
