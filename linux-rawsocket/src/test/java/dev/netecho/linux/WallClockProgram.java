// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.IpVersion;
import dev.netecho.TimestampSource;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabPlan;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;

/**
 * Run by {@code platforms/run --clock} in an emulated machine: 200 addresses of the lab are pinged all the time, while
 * the wall clock is stepped and slewed. Every outcome is compared with what its address does.
 *
 * <p>Half of the steps are made while a listener holds the engine's thread, so that answers from before and after the
 * step wait unread.
 */
final class WallClockProgram {
    private static final List<Duration> STEPS = List.of(
            Duration.ofMillis(50),
            Duration.ofMillis(-50),
            Duration.ofMillis(-100),
            Duration.ofMillis(150),
            Duration.ofMillis(-150),
            Duration.ofMillis(100),
            Duration.ofHours(1),
            Duration.ofHours(-1));
    private static final int ROUNDS = 8;
    private static final List<Long> SLEWS = List.of(500L, -500L, 50_000L, -50_000L);

    // 4 d ms: from 40 to 336 ms, so that every step lies within some of the round trips.
    private static final int FIRST = 10;
    private static final int ANSWERING = 75;
    private static final int SILENT = 25;
    private static final long STEP_OF_DELAY = TimeUnit.MILLISECONDS.toNanos(4);
    private static final Duration TIMEOUT = Duration.ofMillis(900);
    private static final long HOLD_NANOS = TimeUnit.MILLISECONDS.toNanos(30);
    private static final long SLACK_NANOS = TimeUnit.MILLISECONDS.toNanos(25);
    private static final int MOST_COMPLAINTS = 20;

    private final PrintStream out;
    private final EchoRequester requester;
    private final WallClock clock = new WallClock();
    private final Lateness lateness = new Lateness();
    private final AtomicInteger right = new AtomicInteger();
    private final AtomicInteger wrong = new AtomicInteger();
    private final Map<String, Integer> counts = new TreeMap<>();
    private volatile boolean ending;

    /** A step for the engine's thread to make, or null. */
    private volatile Duration next;

    private WallClockProgram(PrintStream out, EchoRequester requester) throws Exception {
        this.out = out;
        this.requester = requester;
    }

    /** The argument is an {@link EngineVariant}. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (Lab lab = Lab.start();
                EchoRequester requester =
                        EngineVariant.valueOf(arguments[0]).builder().open()) {
            WallClockProgram program = new WallClockProgram(out, requester);
            program.run();
            out.println("refused by the lab's interface: " + lab.refusedAnswers());
            out.println("passed: " + program.right);
            out.println("failed: " + program.wrong);
            out.println("skipped: 0");
            System.exit(program.wrong.get() == 0 ? 0 : 1);
        }
    }

    private void run() throws InterruptedException {
        lateness.start();
        for (IpVersion version : IpVersion.values()) {
            for (int d = FIRST; d < FIRST + ANSWERING; d++) {
                ask(
                        EchoRequest.newBuilder(LabPlan.DELAYED.address(version, d))
                                .timeout(TIMEOUT)
                                .build(),
                        d * STEP_OF_DELAY);
            }
            for (int d = 1; d <= SILENT; d++) {
                ask(
                        EchoRequest.newBuilder(LabPlan.SILENT.address(version, d))
                                .timeout(TIMEOUT)
                                .build(),
                        -1);
            }
        }
        phase("steady", 5_000);
        long seed = System.nanoTime();
        out.println("seed: " + seed);
        Random random = new Random(seed);
        for (int round = 0; round < ROUNDS; round++) {
            for (Duration step : STEPS) {
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(150 + random.nextInt(400)));
                if ((round & 1) == 0) {
                    clock.step(step);
                } else {
                    next = step;
                    Await.until("a listener has stepped the clock", () -> next == null);
                }
            }
        }
        phase("stepped " + ROUNDS * STEPS.size() + " times", 0);
        for (long slew : SLEWS) {
            clock.slew(slew);
            phase("slewed by " + slew + " millionths", 4_000);
        }
        clock.slew(0);
        ending = true;
        Await.until("all have ended", () -> {
            EchoStatistics now = requester.statistics();
            return now.inFlight() + now.queued() == 0;
        });
    }

    private void phase(String name, long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        synchronized (counts) {
            out.println(name + ": " + counts);
            counts.clear();
        }
    }

    /** Asks again and again; {@code delay} is what the address takes to answer, -1 if it never does. */
    private void ask(EchoRequest request, long delay) {
        long asked = System.nanoTime();
        requester.sendAsync(request, (same, outcome) -> {
            judge(request, outcome, delay, System.nanoTime() - asked);
            if (!ending) {
                ask(request, delay);
            }
            Duration step = next;
            if (step != null && delay > 0) {
                LockSupport.parkNanos(HOLD_NANOS);
                clock.step(step);
                LockSupport.parkNanos(HOLD_NANOS);
                next = null;
            }
        });
    }

    private void judge(EchoRequest request, EchoOutcome outcome, long delay, long took) {
        // What this machine itself was late by, the lab included, and what a listener has held the engine for.
        long late = SLACK_NANOS + lateness.longest();
        long held = 2 * HOLD_NANOS;
        boolean asExpected;
        String kind = outcome.getClass().getSimpleName();
        if (outcome instanceof EchoOutcome.Reply reply) {
            long roundTrip = reply.roundTripTime().toNanos();
            long uncertainty = reply.roundTripUncertainty().toNanos();
            kind += " by " + reply.timestampSource();
            boolean ofKernel = reply.timestampSource() == TimestampSource.KERNEL;
            asExpected = delay > 0
                    && roundTrip <= took
                    && roundTrip + uncertainty >= delay
                    && roundTrip - uncertainty <= delay + late
                    && (ofKernel || roundTrip <= delay + late + held);
        } else if (outcome instanceof EchoOutcome.TimedOut timedOut) {
            long waited = timedOut.waited().toNanos();
            // An answer may be late by as much as the machine is.
            asExpected = waited >= request.timeoutNanos()
                    && waited <= took
                    && waited <= request.timeoutNanos() + late + held
                    && (delay < 0 || delay + late > request.timeoutNanos());
        } else {
            asExpected = false;
        }
        synchronized (counts) {
            counts.merge(asExpected ? kind : "wrong " + kind, 1, Integer::sum);
        }
        if (asExpected) {
            right.incrementAndGet();
        } else if (wrong.incrementAndGet() <= MOST_COMPLAINTS) {
            out.println("wrong: an answer after " + delay / 1_000_000 + " ms, " + took / 1_000_000
                    + " ms after the call, this machine late by " + lateness.longest() / 1_000_000 + " ms: " + outcome);
        }
    }

    /** How late a thread that only sleeps was woken in the last seconds. */
    private static final class Lateness {
        private static final long STEP_NANOS = 2_000_000;
        private static final int KEPT = 1_000;

        private final long[] recent = new long[KEPT];
        private volatile long longest;

        void start() {
            Thread thread = new Thread(this::run, "lateness");
            thread.setDaemon(true);
            thread.start();
        }

        long longest() {
            return longest;
        }

        private void run() {
            for (int i = 0; ; i = (i + 1) % KEPT) {
                long before = System.nanoTime();
                LockSupport.parkNanos(STEP_NANOS);
                recent[i] = System.nanoTime() - before - STEP_NANOS;
                long most = 0;
                for (long late : recent) {
                    most = Math.max(most, late);
                }
                longest = most;
            }
        }
    }
}
