// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import com.sun.jna.NativeLibrary;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.TimestampSource;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Run by tests in a JVM of its own, whose wall clock it can step: pings before a step, after it, and when the clock is
 * right again.
 */
final class ClockStepProgram {
    private static final int EACH = 100;
    private static final long HOUR_SECONDS = 3_600;
    private static final Duration NEVER = Duration.ofHours(10);
    private static final Duration TIMEOUT = Duration.ofMillis(700);
    private static final Duration SLACK = Duration.ofSeconds(20);

    private final PrintStream out;
    private final EchoRequester requester;

    private ClockStepProgram(PrintStream out, EchoRequester requester) {
        this.out = out;
        this.requester = requester;
    }

    /** The argument is an {@link EngineVariant}; ::1 is silent, 127.0.0.0/8 answers. */
    public static void main(String[] arguments) throws Exception {
        PrintStream out = new PrintStream(System.out, true, StandardCharsets.UTF_8);
        try (EchoRequester requester = EngineVariant.valueOf(arguments[0]).open()) {
            ClockStepProgram program = new ClockStepProgram(out, requester);
            for (int hours : new int[] {1, -1}) {
                program.stepBy(hours);
            }
        }
    }

    private void stepBy(int hours) throws InterruptedException {
        assertStamps(ping() > EACH / 2, "of the kernel before the step");
        long before = System.nanoTime();
        CompletableFuture<EchoOutcome> silent = requester.sendAsync(Loopback.request(Loopback.V6, TIMEOUT));
        Await.until("it is in flight", () -> requester.statistics().inFlight() == 1);
        long wallClock = System.currentTimeMillis();
        step(hours * HOUR_SECONDS);
        out.println("stepped by " + Math.round((System.currentTimeMillis() - wallClock) / 3.6e6) + " h");
        ping(); // the kernel's stamps are an hour off now, and the engine may not know it yet
        EchoOutcome outcome = silent.join();
        Duration took = Duration.ofNanos(System.nanoTime() - before);
        boolean right = outcome instanceof EchoOutcome.TimedOut timedOut
                && timedOut.waited().compareTo(TIMEOUT) >= 0
                && took.compareTo(TIMEOUT.plus(SLACK)) < 0;
        out.println(right ? "the deadline is unmoved" : "the deadline moved: " + outcome + " after " + took);
        assertStamps(ping() == 0, "not of the kernel while the clocks disagree");
        step(0);
        assertStamps(ping() > EACH / 2, "of the kernel when they agree again");
    }

    private void assertStamps(boolean right, String what) {
        out.println((right ? "" : "not so: ") + what);
    }

    /** {@return how many round trips the kernel has measured} */
    private int ping() throws InterruptedException {
        Outcomes outcomes = new Outcomes(EACH);
        int ofKernel = 0;
        long before = System.nanoTime();
        for (int i = 0; i < EACH; i++) {
            requester.sendAsync(Loopback.request(Loopback.numbered(i), NEVER), outcomes.listener(i));
        }
        for (EchoOutcome outcome : outcomes.await()) {
            Duration most = Duration.ofNanos(System.nanoTime() - before);
            EchoOutcome.Reply reply = Outcomes.reply(outcome);
            if (reply.roundTripTime().isNegative() || reply.roundTripTime().compareTo(most) > 0) {
                out.println("wrong within " + most + ": " + reply);
            }
            ofKernel += reply.timestampSource() == TimestampSource.KERNEL ? 1 : 0;
        }
        return ofKernel;
    }

    private static void step(long seconds) {
        NativeLibrary.getProcess().getFunction("netechoStep").invoke(void.class, new Object[] {seconds});
    }
}
