// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoCapability;
import dev.netecho.EchoHandle;
import dev.netecho.EchoListener;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.lab.LabPlan;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.opentest4j.TestAbortedException;

/** The rules OUT-1 to OUT-7: each request ends once, with a value, and nothing is made up. */
public abstract class OutcomeContract extends EchoContract {
    private static final Duration SHORT = Duration.ofMillis(200);

    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims
     */
    protected OutcomeContract(ContractHarness harness) {
        super(harness);
    }

    @SpecTest(
            rule = "OUT-1",
            cases = {"C1", "C2"})
    void out1AHostThatAnswersIsAReplyFromItself(IpVersion family) {
        EchoOutcome.Reply reply = intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
        checkEquals(address(family, LabPlan.AT_ONCE, 1), reply.responder(), "the responder");
        checkEquals(EchoPayload.DEFAULT, reply.payload(), "the payload");
    }

    @SpecTest(
            rule = "OUT-1",
            cases = {"C1", "C2"})
    void out1TheOwnHostAnswers(IpVersion family) {
        // This needs no lab, because every host has a loopback interface.
        InetAddress loopback = Addresses.of(pick(family, "127.0.0.1", "::1"));
        if (harness().time() instanceof SimulatedTime) {
            throw new TestAbortedException("the simulated host has no loopback interface");
        }
        EchoOutcome.Reply reply =
                intact(outcome(EchoRequest.newBuilder(loopback).timeout(Duration.ofSeconds(10))));
        checkEquals(loopback, reply.responder(), "the responder");
    }

    @SpecTest(
            rule = "OUT-1",
            cases = {"C11", "C107"})
    void out1RequestsOfAllKindsAtOnceEachHaveTheirOwnOutcome(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            EchoPayload payload = EchoPayload.ofSize(8 + i % 40);
            asked.add(ask(to(family, LabPlan.DELAYED, 40 - i % 40).payload(payload)));
            asked.add(ask(to(family, LabPlan.SILENT, i % 256).payload(payload).timeout(SHORT)));
            asked.add(ask(to(family, LabPlan.UNREACHABLE, i % 3).payload(payload)));
        }
        awaitAll(asked);
        for (int i = 0; i < asked.size(); i += 3) {
            EchoOutcome.Reply reply = intact(asked.get(i).outcome());
            checkEquals(asked.get(i).request.destination(), reply.responder(), "the responder of request " + i);
            checkEquals(asked.get(i).request.payload(), reply.payload(), "the payload of request " + i);
            timedOut(asked.get(i + 1).outcome());
            icmpError(asked.get(i + 2).outcome());
        }
        asked.forEach(
                probe -> check(probe.isOfItsRequest(), "a listener is given its own request, but it was another"));
    }

    @SpecTest(
            rule = "OUT-1",
            cases = {"C11", "C120"})
    void out1CancellationRacesWithEverything(IpVersion family) {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        EchoRequester open = requester();
        List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < 500; i++) {
            LabPlan row = random.nextBoolean() ? LabPlan.AT_ONCE : LabPlan.SILENT;
            CompletableFuture<EchoOutcome> future = open.sendAsync(to(family, row, i % 256)
                    .timeout(Duration.ofMillis(1 + random.nextInt(50)))
                    .build());
            if (random.nextInt(3) == 0) {
                future.cancel(false);
            }
            futures.add(future);
        }
        check(
                time().await(() -> futures.stream().allMatch(CompletableFuture::isDone), PATIENCE),
                "every future is done, but some are not; seed " + seed);
        EchoStatistics counted = open.statistics();
        long outcomes = counted.replies() + counted.icmpErrors() + counted.timedOut() + counted.notSent();
        checkEquals(500L, outcomes, "the number of outcomes with seed " + seed);
    }

    @SpecTest(rule = "OUT-1", cases = "C108")
    void out1ManyThreadsAskAtTheSameTime(IpVersion family) throws InterruptedException {
        EchoRequester open = requester();
        List<Probe> asked = new ArrayList<>();
        List<Thread> threads = new ArrayList<>();
        CountDownLatch go = new CountDownLatch(1);
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        for (int t = 0; t < 8; t++) {
            List<Probe> mine = new ArrayList<>();
            for (int i = 0; i < 250; i++) {
                mine.add(new Probe(to(family, LabPlan.MANY_AT_ONCE, 250 * t + i).build(), time()));
            }
            asked.addAll(mine);
            Thread thread = new Thread(() -> {
                try {
                    go.await();
                    mine.forEach(probe -> ask(open, probe));
                } catch (Throwable e) { // whatever it is, the test must fail with it
                    thrown.set(e);
                }
            });
            thread.start();
            threads.add(thread);
        }
        go.countDown();
        for (Thread thread : threads) {
            thread.join(PATIENCE.toMillis());
        }
        check(thrown.get() == null, "no thread fails, but one did: " + thrown.get());
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
    }

    @SpecTest(rule = "OUT-2")
    void out2NothingThatTheNetworkDoesIsAnException(IpVersion family) {
        EchoRequester open = requester();
        List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        for (LabPlan row : List.of(
                LabPlan.AT_ONCE,
                LabPlan.SILENT,
                LabPlan.UNREACHABLE,
                LabPlan.TIME_EXCEEDED,
                LabPlan.STORM,
                LabPlan.ALTERED)) {
            futures.add(open.sendAsync(to(family, row, 1).timeout(SHORT).build()));
        }
        futures.add(open.sendAsync(EchoRequest.to(Addresses.of(pick(family, "224.0.0.1", "ff02::1")))));
        check(
                time().await(() -> futures.stream().allMatch(CompletableFuture::isDone), PATIENCE),
                "every future is done");
        futures.forEach(future ->
                check(!future.isCompletedExceptionally(), "a future completes with an outcome, but it is " + future));
    }

    @SpecTest(rule = "OUT-2", cases = "C124")
    void out2ABlockedCallerGetsTheOutcomeToo(IpVersion family) throws InterruptedException {
        EchoRequester open = requester();
        EchoRequest request = to(family, LabPlan.UNREACHABLE, 1).build();
        AtomicReference<Object> result = new AtomicReference<>();
        Thread caller = new Thread(() -> {
            try {
                result.set(open.send(request));
            } catch (Throwable e) { // whatever it is, the test must fail with it
                result.set(e);
            }
        });
        caller.start();
        check(time().await(() -> result.get() != null, PATIENCE), "send() returns");
        caller.join(PATIENCE.toMillis());
        check(result.get() instanceof EchoOutcome, "send() returns an outcome, but threw " + result.get());
    }

    @SpecTest(rule = "OUT-3", cases = "C9")
    void out3TheHopLimitOfAReplyIsTheReplysOwn(IpVersion family) {
        EchoCapability reported =
                pick(family, EchoCapability.REPLY_HOP_LIMIT_IPV4, EchoCapability.REPLY_HOP_LIMIT_IPV6);
        for (int hopLimit : new int[] {1, 57, 255}) {
            EchoOutcome.Reply reply = intact(outcome(to(family, LabPlan.HOP_LIMIT_SET, hopLimit)));
            if (can(reported)) {
                checkEquals(hopLimit, reply.hopLimit().orElse(-1), "the reply's hop limit");
            } else {
                check(reply.hopLimit().isEmpty(), "a hop limit that the system hides is empty, but it is " + reply);
            }
        }
    }

    @SpecTest(rule = "OUT-3", cases = "C50", unless = Limit.NO_LAB)
    void out3AnUnknownMtuIsEmpty(IpVersion family) {
        EchoOutcome.IcmpError silentAboutIt = icmpError(outcome(to(family, LabPlan.TOO_BIG, 0)));
        check(silentAboutIt.nextHopMtu().isEmpty(), "an MTU of 0 is none, but it is " + silentAboutIt);
        if (family == IpVersion.V6) {
            EchoOutcome.IcmpError absurd = icmpError(outcome(to(family, LabPlan.TOO_BIG, 255)));
            check(absurd.nextHopMtu().isEmpty(), "an MTU that no int can hold is none, but it is " + absurd);
        }
        EchoOutcome.IcmpError unrelated = icmpError(outcome(to(family, LabPlan.UNREACHABLE, pick(family, 1, 3))));
        check(unrelated.nextHopMtu().isEmpty(), "no MTU is part of such an error, but it is " + unrelated);
    }

    @SpecTest(rule = "OUT-3")
    void out3RawTypesAreThereWhereTheBackendClaimsThem(IpVersion family) {
        EchoOutcome.IcmpError error = icmpError(outcome(to(family, LabPlan.UNREACHABLE, 0)));
        checkEquals(can(EchoCapability.RAW_ERROR_CODES), error.type().isPresent(), "whether there is a raw type");
        checkEquals(can(EchoCapability.RAW_ERROR_CODES), error.code().isPresent(), "whether there is a raw code");
    }

    @SpecTest(
            rule = "OUT-4",
            cases = {"C20"},
            unless = Limit.NO_LAB)
    void out4AForeignSourceIsReported(IpVersion family) {
        require(EchoCapability.SOURCE_ADDRESS);
        EchoOutcome.NotSent refused =
                notSent(outcome(to(family, LabPlan.AT_ONCE, 1).source(address(family, LabPlan.OTHERS, 9))));
        checkRefusal(refused, NotSentReason.SOURCE_UNAVAILABLE);
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "OUT-4", cases = "C36", unless = Limit.NO_LAB)
    void out4ADestinationWithoutARouteIsSaidToBeSo(IpVersion family) {
        // TEST-NET-1 and the documentation prefix: the lab routes only its own two prefixes.
        InetAddress elsewhere = Addresses.of(pick(family, "192.0.2.77", "2001:db8::77"));
        EchoOutcome.NotSent refused = notSent(outcome(EchoRequest.newBuilder(elsewhere)));
        boolean unnamed = harness().reasonAgainst(Limit.ROUTE_FAILURE_UNNAMED).isPresent();
        checkRefusal(refused, unnamed ? NotSentReason.OS_ERROR : NotSentReason.NO_ROUTE);
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "OUT-4", cases = "C29", unless = Limit.NO_LAB)
    void out4APacketThatDoesNotFitIsSaidToBeSo(IpVersion family) {
        require(pick(family, EchoCapability.DONT_FRAGMENT_IPV4, EchoCapability.DONT_FRAGMENT_IPV6));
        EchoOutcome.NotSent refused = notSent(outcome(to(family, LabPlan.AT_ONCE, 1)
                .payload(EchoPayload.ofSize(1_600))
                .options(EchoOptions.DEFAULT.withDontFragment(true))));
        checkRefusal(refused, NotSentReason.TOO_LARGE);
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    private static void checkRefusal(EchoOutcome.NotSent refused, NotSentReason reason) {
        checkEquals(reason, refused.reason(), "the reason");
        check(refused.detail().length() > 10, "the detail is a sentence, but it is \"" + refused.detail() + "\"");
        check(refused.osError().orElse(0) != 0, "the system's error number is given, but it is " + refused.osError());
    }

    @SpecTest(rule = "OUT-5", cases = "C121")
    void out5AThrowingListenerHarmsNoOther(IpVersion family) {
        expectLog("listener calls threw");
        EchoRequester open = requester();
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 200; i++) {
            boolean bad = i % 2 == 0;
            asked.add(ask(open, new Probe(to(family, LabPlan.AT_ONCE, i).build(), time()) {
                @Override
                public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                    super.onOutcome(request, outcome);
                    if (bad) {
                        throw new IllegalStateException("a listener of a test");
                    }
                }
            }));
        }
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "OUT-5", cases = "C122")
    void out5AListenerMayAskAgain(IpVersion family) {
        EchoRequester open = requester();
        List<Probe> chain = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            chain.add(new Probe(to(family, LabPlan.AT_ONCE, 1).build(), time()) {
                @Override
                public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                    super.onOutcome(request, outcome);
                    int next = chain.indexOf(this) + 1;
                    if (next < chain.size()) {
                        ask(open, chain.get(next));
                    }
                }
            });
        }
        ask(open, chain.get(0));
        awaitAll(chain);
        chain.forEach(probe -> intact(probe.outcome()));
    }

    @SpecTest(rule = "OUT-6")
    void out6EveryOutcomeIsCountedOnce(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
            asked.add(ask(to(family, LabPlan.AT_ONCE, i)));
            asked.add(ask(to(family, LabPlan.SILENT, i).timeout(SHORT)));
            asked.add(ask(to(family, LabPlan.UNREACHABLE, pick(family, 1, 3))));
            asked.add(ask(EchoRequest.newBuilder(Addresses.of(pick(family, "224.0.0.1", "ff02::1")))));
        }
        awaitAll(asked);
        EchoStatistics counted = requester().statistics();
        checkEquals(150L, counted.sent(), "requests sent");
        checkEquals(50L, counted.replies(), "replies");
        checkEquals(50L, counted.timedOut(), "time-outs");
        checkEquals(50L, counted.icmpErrors(), "ICMP errors");
        checkEquals(50L, counted.notSent(), "requests not sent");
        checkEquals(
                50L, counted.notSent(NotSentReason.INVALID_DESTINATION), "requests not sent to an invalid destination");
        checkEquals(
                0L,
                counted.inFlight() + counted.queued() + counted.abandoned(),
                "requests in flight, queued or abandoned");
    }

    @SpecTest(rule = "OUT-6")
    void out6IcmpErrorsAreCountedByTheirKind(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 30; i++) {
            asked.add(ask(to(family, LabPlan.UNREACHABLE, pick(family, 1, 3))));
            asked.add(ask(to(family, LabPlan.UNREACHABLE, pick(family, 3, 4))));
            asked.add(ask(to(family, LabPlan.TIME_EXCEEDED, 0)));
        }
        awaitAll(asked);
        Map<IcmpErrorKind, Long> told = new EnumMap<>(IcmpErrorKind.class);
        asked.forEach(probe -> told.merge(icmpError(probe.outcome()).kind(), 1L, Long::sum));
        check(told.size() > 1, () -> "the network sends errors of several kinds, but there were " + told);
        EchoStatistics counted = requester().statistics();
        checkEquals((long) asked.size(), counted.icmpErrors(), "ICMP errors");
        for (IcmpErrorKind kind : IcmpErrorKind.values()) {
            checkEquals(told.getOrDefault(kind, 0L), counted.icmpErrors(kind), "ICMP errors of the kind " + kind);
        }
    }

    @SpecTest(rule = "OUT-6")
    void out6WhatTheSystemHidesIsAbsent(IpVersion family) {
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
        strays().forEach(stray -> checkCounted(0, stray));
    }

    @SpecTest(rule = "OUT-7")
    void out7NothingThatTheNetworkDoesIsLogged(IpVersion family) {
        if (!RecordedLog.isInUse()) {
            throw new TestAbortedException("the tests' class path does not name " + RecordedLog.class.getName()
                    + " in META-INF/services/org.slf4j.spi.SLF4JServiceProvider");
        }
        List<Probe> asked = new ArrayList<>();
        for (LabPlan row : List.of(
                LabPlan.SILENT,
                LabPlan.UNREACHABLE,
                LabPlan.STORM,
                LabPlan.BAD_CHECKSUM,
                LabPlan.OTHER_SOURCE,
                LabPlan.ALTERED)) {
            asked.add(ask(to(family, row, 1).timeout(SHORT)));
        }
        awaitAll(asked); // the log is checked after every test
    }

    @SpecTest(rule = "OUT-8", cases = "C122")
    void out8NothingIsDeliveredInsideAListener(IpVersion family) {
        EchoRequester open = requester();
        EchoRequest invalid = EchoRequest.to(Addresses.of(pick(family, "224.0.0.77", "ff02::4d")));
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger nested = new AtomicInteger();
        class Watching extends Probe {
            Watching(EchoRequest request) {
                super(request, time());
            }

            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                if (inside.get() != 0) {
                    nested.incrementAndGet();
                }
                super.onOutcome(request, outcome);
            }
        }
        Probe refused = new Watching(invalid);
        Probe cancelled = new Watching(to(family, LabPlan.SILENT, 1).build());
        EchoHandle handle = open.sendAsync(cancelled.request, cancelled);
        Probe first = ask(open, new Probe(to(family, LabPlan.AT_ONCE, 1).build(), time()) {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                inside.incrementAndGet();
                ask(open, refused);
                handle.cancel();
                inside.decrementAndGet();
                super.onOutcome(request, outcome);
            }
        });
        awaitAll(List.of(first, refused, cancelled));
        intact(first.outcome());
        checkEquals(
                NotSentReason.INVALID_DESTINATION, notSent(refused.outcome()).reason(), "the reason");
        checkEquals(NotSentReason.CANCELLED, notSent(cancelled.outcome()).reason(), "the reason");
        checkEquals(0, nested.get(), "outcomes delivered inside a listener");
    }

    @SpecTest(rule = "OUT-8", cases = "C122")
    void out8AListenerMayAskInEveryRefusalWithoutEnd(IpVersion family) {
        EchoRequester open = requester();
        EchoRequest invalid = EchoRequest.to(Addresses.of(pick(family, "224.0.0.77", "ff02::4d")));
        int total = harness().bulk(100_000);
        AtomicInteger refusals = new AtomicInteger();
        Probe first = ask(open, new Probe(to(family, LabPlan.AT_ONCE, 1).build(), time()) {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                super.onOutcome(request, outcome);
                open.sendAsync(invalid, new EchoListener() {
                    @Override
                    public void onOutcome(EchoRequest again, EchoOutcome refusal) {
                        if (refusals.incrementAndGet() < total) {
                            open.sendAsync(again, this);
                        }
                    }
                });
            }
        });
        intact(outcome(first));
        check(
                ContractTime.ofMachine().await(() -> refusals.get() == total, PATIENCE),
                () -> "all " + total + " refusals are told, but " + refusals);
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "OUT-9", cases = "C122")
    void out9WhoWaitsOnTheEnginesThreadIsTold(IpVersion family) {
        EchoRequester open = requester();
        List<Object> thrown = new CopyOnWriteArrayList<>();
        EchoRequest silent = to(family, LabPlan.SILENT, 1).build();
        Probe first = ask(open, new Probe(to(family, LabPlan.AT_ONCE, 1).build(), time()) {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                CompletableFuture<EchoOutcome> future = open.sendAsync(silent);
                for (CompletableFuture<?> each : List.of(future, future.thenApply(EchoOutcome::isReply))) {
                    try {
                        thrown.add("get() returned " + each.get(20, TimeUnit.MILLISECONDS));
                    } catch (Exception e) {
                        thrown.add(e);
                    }
                }
                future.cancel(false);
                super.onOutcome(request, outcome);
            }
        });
        intact(outcome(first));
        check(
                thrown.size() == 2 && thrown.stream().allMatch(IllegalStateException.class::isInstance),
                () -> "waiting on the engine's thread throws IllegalStateException, but there was " + thrown);
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "OUT-5", cases = "C121")
    void out5ErrorsOfListenersHarmNoOther(IpVersion family) {
        expectLog("listener calls threw");
        EchoRequester open = requester();
        List<Probe> asked = new ArrayList<>();
        List<Error> errors = List.of(
                new StackOverflowError("of a test"), new OutOfMemoryError("of a test"), new Error("like ThreadDeath"));
        for (int i = 0; i < 60; i++) {
            Error error = errors.get(i % errors.size());
            asked.add(ask(open, new Probe(to(family, LabPlan.AT_ONCE, i).build(), time()) {
                @Override
                public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                    super.onOutcome(request, outcome);
                    throw error;
                }
            }));
        }
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }
}
