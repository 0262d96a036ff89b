// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoListener;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The process that has very many requests in flight: one for each of as many targets, which are its own objects as an
 * agent has them.
 *
 * <p>Arguments: how many, and the timeout in milliseconds. It hands requests over as fast as they are sent and no
 * faster, so that the time of handing over is the time of sending but for a few milliseconds, and the caller's own
 * clock can judge the time-outs.
 */
final class MillionSender {
    /** Requests that wait to be sent, at most: a few milliseconds' worth. */
    private static final int AHEAD = 256;

    private static final long LONGEST_NANOS = TimeUnit.SECONDS.toNanos(100);
    private static final double MILLIS = 1e6;

    private final EchoRequest[] requests;
    private final long timeoutNanos;
    private final long[] handedOver;
    private final long[] lateByOutcome;
    private final long[] lateByCaller;
    private int early;
    private int others;
    private String example = "none";
    private volatile int done;

    private MillionSender(int count, Duration timeout) {
        this.requests = new EchoRequest[count];
        this.timeoutNanos = timeout.toNanos();
        this.handedOver = new long[count];
        this.lateByOutcome = new long[count];
        this.lateByCaller = new long[count];
        for (int i = 0; i < count; i++) {
            requests[i] = EchoRequest.newBuilder(BenchAddress.of(2 + i % (BenchAddress.LAST - 1)))
                    .timeout(timeout)
                    .build();
        }
    }

    /** The outcome of one request; on the engine's thread. */
    private final class Listener implements EchoListener {
        private final int index;

        Listener(int index) {
            this.index = index;
        }

        @Override
        @SuppressWarnings("NonAtomicVolatileUpdate") // only the engine's thread writes
        public void onOutcome(EchoRequest request, EchoOutcome outcome) {
            lateByCaller[index] = System.nanoTime() - handedOver[index] - timeoutNanos;
            if (outcome instanceof EchoOutcome.TimedOut timedOut) {
                lateByOutcome[index] = timedOut.waited().toNanos() - timeoutNanos;
                if (lateByOutcome[index] < 0 || lateByCaller[index] < 0) {
                    early++;
                }
            } else {
                others++;
                example = outcome.toString().replace(' ', '_');
            }
            done++;
        }
    }

    /** The program. */
    public static void main(String[] args) throws Exception {
        new MillionSender(Integer.parseInt(args[0]), Duration.ofMillis(Long.parseLong(args[1]))).run();
    }

    private void run() throws Exception {
        double targetsMegabytes = usedAfterCollection();
        try (EchoRequester requester = EchoRequester.newBuilder()
                .provider("linux-datagram")
                .maxOutstanding(requests.length)
                .open()) {
            long start = System.nanoTime();
            sendAll(requester);
            while (requester.statistics().sent() < requests.length && done == 0) {
                Thread.sleep(1);
            }
            double sendSeconds = (System.nanoTime() - start) / 1e9;
            long inFlight = requester.statistics().inFlight();
            double inFlightMegabytes = usedAfterCollection();
            Hiccups hiccups = Hiccups.start();
            awaitAll(start);
            System.out.printf(
                    Locale.ROOT,
                    "result in_flight=%d early=%d others=%d example=%s timed_out=%d send_seconds=%.2f "
                            + "heap_targets_mb=%.1f "
                            + "heap_in_flight_mb=%.1f resident_peak_mb=%.1f late_p50_ms=%.2f late_p99_ms=%.2f "
                            + "late_max_ms=%.2f caller_p99_ms=%.2f caller_max_ms=%.2f hiccup_max_ms=%.2f%n",
                    inFlight,
                    early,
                    others,
                    example,
                    requester.statistics().timedOut(),
                    sendSeconds,
                    targetsMegabytes,
                    inFlightMegabytes,
                    peakResident(),
                    quantile(lateByOutcome, 0.5),
                    quantile(lateByOutcome, 0.99),
                    quantile(lateByOutcome, 1),
                    quantile(lateByCaller, 0.99),
                    quantile(lateByCaller, 1),
                    hiccups.longestMillis());
        }
    }

    private void sendAll(EchoRequester requester) throws InterruptedException {
        for (int i = 0; i < requests.length; i++) {
            if (i % (AHEAD / 2) == 0) {
                while (i - requester.statistics().sent() > AHEAD / 2) {
                    TimeUnit.MICROSECONDS.sleep(50);
                }
            }
            Listener listener = new Listener(i);
            handedOver[i] = System.nanoTime();
            requester.sendAsync(requests[i], listener);
        }
    }

    private void awaitAll(long start) throws InterruptedException {
        while (done < requests.length) {
            if (System.nanoTime() - start > LONGEST_NANOS) {
                System.out.println("stuck with " + done + " outcomes");
                System.exit(1);
            }
            Thread.sleep(1);
        }
    }

    private static double usedAfterCollection() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / 1e6;
    }

    /** proc(5): the most memory the process ever had, in kB. */
    private static double peakResident() throws IOException {
        for (String line : Files.readAllLines(Path.of("/proc/self/status"))) {
            if (line.startsWith("VmHWM:")) {
                return Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e6;
            }
        }
        throw new IOException("/proc/self/status has no VmHWM");
    }

    private static double quantile(long[] values, double share) {
        long[] sorted = values.clone();
        Arrays.sort(sorted);
        return sorted[(int) Math.round(share * (sorted.length - 1))] / MILLIS;
    }
}
