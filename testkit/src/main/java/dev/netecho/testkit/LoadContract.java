// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.WireRecord;
import java.net.Inet4Address;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** The rules LOAD-1 to LOAD-5: overload is reported, and never looks like a silent network. */
public abstract class LoadContract extends EchoContract {
    /** A lost packet never comes, so a long wait hides no loss, and a busy machine causes none. */
    private static final Duration LONG = Duration.ofSeconds(10);

    /** The most that SPEC LOAD-5 lets an engine catch up. */
    private static final Duration TOLERANCE_OF_PACE = Duration.ofMillis(20);

    private static final long ONE_SECOND = 1_000_000_000L;

    /**
     * Tests a backend.
     *
     * @param harness how to open it, and what it claims
     */
    protected LoadContract(ContractHarness harness) {
        super(harness);
    }

    @SpecTest(
            rule = "LOAD-1",
            cases = {"C108", "C113"})
    void load1ARequestAboveTheBoundIsRefusedAtOnce(IpVersion family) {
        requester(builder -> builder.maxOutstanding(16));
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            asked.add(ask(to(family, LabPlan.SILENT, i).timeout(Duration.ofSeconds(1))));
        }
        for (int i = 0; i < 100; i++) {
            Probe above = ask(to(family, LabPlan.AT_ONCE, i));
            check(above.isDone(), "the request above the bound ends at once, but it did not");
            checkEquals(NotSentReason.OVERLOADED, notSent(above.outcome()).reason(), "the reason");
        }
        awaitAll(asked);
        asked.forEach(probe -> timedOut(probe.outcome()));
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "LOAD-1", cases = "C108")
    void load1AFloodOfRequestsEndsCompletely(IpVersion family) {
        int total = harness().bulk(20_000);
        int bound = total / 20;
        requester(builder -> builder.maxOutstanding(bound));
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            asked.add(ask(to(family, LabPlan.MANY_AT_20_MS, i).timeout(LONG)));
        }
        awaitAll(asked);
        long answered =
                asked.stream().filter(probe -> probe.outcome().isReply()).count();
        long refused = asked.stream()
                .filter(probe ->
                        probe.outcome() instanceof EchoOutcome.NotSent not && not.reason() == NotSentReason.OVERLOADED)
                .count();
        checkEquals((long) total, answered + refused, "replies and refusals");
        check(answered >= bound, "at least as many are answered as may be in flight, but " + answered + " were");
    }

    @SpecTest(rule = "LOAD-1", cases = "C108")
    void load1WhoBlocksInSendWaitsForItsTurn(IpVersion family) throws InterruptedException {
        EchoRequester open = requester(builder -> builder.maxOutstanding(1));
        Probe first = ask(to(family, LabPlan.SILENT, 1).timeout(Duration.ofSeconds(1)));
        EchoRequest request = to(family, LabPlan.AT_ONCE, 1).build();
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
                ContractTime.ofMachine()
                                .await(
                                        () -> caller.getState() == Thread.State.TIMED_WAITING || result.get() != null,
                                        PATIENCE)
                        && result.get() == null,
                "send() waits while one request is outstanding, but the result is " + result.get());
        check(!first.isDone(), "the first request is outstanding, but it has ended");
        awaitAll(List.of(first));
        check(
                time().await(() -> result.get() != null, PATIENCE),
                "send() returns when the first request has ended, but it does not");
        caller.join(PATIENCE.toMillis());
        check(result.get() instanceof EchoOutcome.Reply, "send() is answered, but the result is " + result.get());
    }

    @SpecTest(rule = "LOAD-5")
    void load5ThePaceIsKept(IpVersion family) {
        int rate = 200;
        EchoRequester open = requester(builder -> builder.maxRate(rate));
        List<Probe> asked = new ArrayList<>();
        long before = time().nanoTime();
        int total = 2 * rate;
        for (int i = 0; i < total; i++) {
            asked.add(ask(to(family, LabPlan.AT_ONCE, i % 256).timeout(PATIENCE)));
        }
        check(open.statistics().queued() > 0, "requests wait in the queue, but " + open.statistics());
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
        long taken = time().nanoTime() - before;
        long due = (total - 1) * (ONE_SECOND / rate);
        long least = due - TOLERANCE_OF_PACE.toNanos();
        check(taken >= least, total + " requests at 200 a second take " + due + " ns, but they took " + taken);
        long most = 2 * due + time().tolerance().toNanos();
        check(taken <= most, total + " requests at 200 a second take " + due + " ns, but they took " + taken);
        checkEverySecond(family, rate);
    }

    /**
     * Checks what left in any second, if that can be seen. The lab may itself wake late, and read what has gathered.
     */
    private void checkEverySecond(IpVersion family, int rate) {
        if (harness().reasonAgainst(Limit.NO_WIRE_LOG).isPresent()) {
            return;
        }
        long caughtUp = rate * (TOLERANCE_OF_PACE.toNanos() + time().tolerance().toNanos()) / ONE_SECOND;
        long[] left = harness().wire().all().stream()
                .filter(seen -> seen.destination() instanceof Inet4Address == (family == IpVersion.V4))
                .mapToLong(WireRecord::nanos)
                .sorted()
                .toArray();
        int first = 0;
        for (int last = 0; last < left.length; last++) {
            while (left[last] - left[first] >= ONE_SECOND) {
                first++;
            }
            int within = last - first + 1;
            check(
                    within <= rate + caughtUp,
                    () -> rate + " requests may leave in a second, and " + caughtUp + " catch up, but " + within
                            + " did");
        }
    }

    @SpecTest(rule = "LOAD-5")
    void load5WhatWaitsForItsTurnCanBeCancelledAndClosed(IpVersion family) {
        EchoRequester open = open(builder -> builder.maxRate(1));
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
            asked.add(ask(open, to(family, LabPlan.SILENT, i).build()));
        }
        CompletableFuture<EchoOutcome> waiting =
                open.sendAsync(to(family, LabPlan.AT_ONCE, 1).build());
        check(waiting.cancel(false), "a request that waits can be cancelled, but it cannot");
        open.close();
        for (Probe probe : asked) {
            checkEquals(NotSentReason.CLOSED, notSent(probe.outcome()).reason(), "the reason");
        }
        check(open.statistics().sent() <= 1, "one request a second is sent, but " + open.statistics());
    }

    @SpecTest(rule = "LOAD-2", cases = "C106", unless = Limit.NO_LAB)
    void load2FourThousandHostsAtOnceAreAllHeard(IpVersion family) {
        int total = harness().bulk(4_000);
        List<Probe> asked = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            asked.add(ask(to(family, LabPlan.MANY_AT_20_MS, i).timeout(LONG)));
        }
        awaitAll(asked);
        checkAllHeard(asked);
    }

    @SpecTest(
            rule = "LOAD-2",
            cases = {"C107"},
            unless = Limit.NO_LAB)
    void load2ASteadyStreamLosesNothing(IpVersion family) {
        EchoRequester open = requester();
        int total = harness().bulk(20_000);
        int window = Math.min(1_000, total);
        List<Probe> asked = new ArrayList<>(total);
        for (int i = 0; i < total; i++) {
            int next = i + window;
            asked.add(
                    new Probe(to(family, LabPlan.MANY_AT_20_MS, i).timeout(LONG).build(), time()) {
                        @Override
                        public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                            super.onOutcome(request, outcome);
                            if (next < total) {
                                ask(open, asked.get(next));
                            }
                        }
                    });
        }
        for (int i = 0; i < window; i++) {
            ask(open, asked.get(i));
        }
        awaitAll(asked);
        checkAllHeard(asked);
    }

    private void checkAllHeard(List<Probe> asked) {
        long heard = asked.stream().filter(probe -> probe.outcome().isReply()).count();
        checkEquals((long) asked.size(), heard, "the live hosts that were heard");
        checkEquals(0L, requester().statistics().droppedLocally().orElse(0), "packets dropped locally");
    }

    @SpecTest(rule = "LOAD-2", cases = "C110", unless = Limit.NO_LAB)
    void load2SilentHostsDoNotDisturbLiveOnes(IpVersion family) {
        int total = harness().bulk(10_000);
        List<Probe> silent = new ArrayList<>();
        for (int i = 0; i < total; i++) {
            silent.add(ask(to(family, LabPlan.MANY_SILENT, i % LabPlan.MANY_SILENT.size())
                    .timeout(Duration.ofSeconds(2))));
        }
        for (int i = 0; i < 20; i++) {
            Duration roundTrip = intact(outcome(to(family, LabPlan.DELAYED, 2))).roundTripTime();
            Duration limit = Duration.ofMillis(8).plus(time().tolerance());
            check(roundTrip.compareTo(limit) <= 0, "the host took 8 ms, but the round trip is " + roundTrip);
        }
        awaitAll(silent);
        silent.forEach(probe -> timedOut(probe.outcome()));
    }

    @SpecTest(
            rule = "LOAD-2",
            cases = {"C109"},
            unless = Limit.NO_LAB)
    void load2MoreRequestsThanSequenceNumbersMayBeInFlight(IpVersion family) {
        List<Probe> asked = new ArrayList<>();
        int total = harness().bulk(70_000);
        for (int i = 0; i < total; i++) {
            asked.add(ask(to(family, LabPlan.MANY_SILENT, i % LabPlan.MANY_SILENT.size())
                    .payload(EchoPayload.ofSize(8))
                    .timeout(Duration.ofSeconds(2))));
        }
        awaitAll(asked);
        for (Probe probe : asked) {
            boolean right = probe.outcome() instanceof EchoOutcome.TimedOut
                    || (probe.outcome() instanceof EchoOutcome.NotSent not && not.reason() == NotSentReason.OVERLOADED);
            check(right, () -> "a request to a silent host is timed out or refused, but it is " + probe.outcome());
        }
        checkEquals(0L, requester().statistics().inFlight(), "requests in flight afterwards");
        intact(outcome(to(family, LabPlan.AT_ONCE, 1)));
    }

    @SpecTest(rule = "LOAD-3", cases = "C112", unless = Limit.NO_FULL_QUEUE)
    void load3AFullQueueIsWaitedOut(IpVersion family) {
        EchoRequester open = requester();
        harness().fillSendQueue(true);
        List<Probe> asked = new ArrayList<>();
        try {
            for (int i = 0; i < 10; i++) {
                asked.add(ask(open, to(family, LabPlan.AT_ONCE, i).build()));
            }
            pass(Duration.ofMillis(300));
            asked.forEach(probe -> check(
                    !probe.isDone(),
                    "a full queue is no outcome, but it is " + (probe.isDone() ? probe.outcome() : "")));
        } finally {
            harness().fillSendQueue(false);
        }
        awaitAll(asked);
        asked.forEach(probe -> intact(probe.outcome()));
    }

    @SpecTest(rule = "LOAD-3", cases = "C112", unless = Limit.NO_FULL_QUEUE)
    void load3AQueueThatStaysFullIsToldInTheEnd(IpVersion family) {
        EchoRequester open = requester();
        harness().fillSendQueue(true);
        try {
            Probe asked = ask(
                    open,
                    to(family, LabPlan.AT_ONCE, 1)
                            .timeout(Duration.ofMillis(200))
                            .build());
            EchoOutcome.NotSent refused = notSent(outcome(asked));
            checkEquals(NotSentReason.OVERLOADED, refused.reason(), "the reason");
            check(refused.osError().isPresent(), "the system's error number is given, but it is missing");
        } finally {
            harness().fillSendQueue(false);
        }
    }

    @SpecTest(
            rule = "LOAD-4",
            cases = "C105",
            unless = {Limit.NO_LAB, Limit.NO_STALL, Limit.NO_RECEIVE_OVERFLOW})
    void load4ATimeOutDuringALocalOverflowSaysSo(IpVersion family) {
        EchoRequester open = requester(harness()::withSmallReceiveBuffer);
        List<Probe> asked = new ArrayList<>();
        // Busy from 880 to 1,380 ms from now.
        ask(open, new Probe(to(family, LabPlan.DELAYED, 220).build(), time()) {
            @Override
            public void onOutcome(EchoRequest request, EchoOutcome outcome) {
                super.onOutcome(request, outcome);
                time().stall(Duration.ofMillis(500));
            }
        });
        // Everything sent until then is answered 1,000 ms after the first.
        for (int i = 0; i < 200; i++) {
            asked.add(ask(to(family, LabPlan.MANY_HELD_BACK, i).timeout(Duration.ofSeconds(2))));
        }
        awaitAll(asked);
        int silent = 0;
        for (Probe probe : asked) {
            if (probe.outcome() instanceof EchoOutcome.TimedOut silence) {
                check(silence.localDropsSuspected(), "the answer was dropped here, but it is said to be missing");
                silent++;
            } else {
                intact(probe.outcome());
            }
        }
        check(silent > 0, "the receive buffer was to overflow, but every host was heard");
        long dropped = requester().statistics().droppedLocally().orElse(silent);
        check(dropped > 0, "packets dropped locally are counted, but they are " + dropped);
    }
}
