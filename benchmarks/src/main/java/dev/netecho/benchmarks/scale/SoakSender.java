// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoRequester;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.locks.LockSupport;

/**
 * The process that monitors for minutes: 2,000 requests a second to the hosts of {@link SoakTargets}.
 *
 * <p>Arguments: seconds; after how many seconds the requester is closed and opened again, 0 for never; threads that
 * burn processor time and make garbage meanwhile. Prints one line: what the outcomes were, and how much more the
 * process holds at the end than after a warm-up.
 */
final class SoakSender {
    private static final int PER_TICK = 20;
    private static final long TICK_NANOS = Duration.ofMillis(10).toNanos();
    private static final long LAST_NANOS = Duration.ofSeconds(20).toNanos();
    private static final double WARM_UP = 0.2;

    private SoakSender() {}

    /** The program. */
    public static void main(String[] args) throws Exception {
        long nanos = (long) (Double.parseDouble(args[0]) * 1e9);
        long reopenNanos = Duration.ofSeconds(Integer.parseInt(args[1])).toNanos();
        for (int i = 0; i < Integer.parseInt(args[2]); i++) {
            Thread burner = new Thread(SoakSender::burn, "burner");
            burner.setDaemon(true);
            burner.start();
        }
        SoakTargets targets = new SoakTargets(reopenNanos > 0);
        EchoRequester requester = open();
        ProcessHoldings before = null;
        long start = System.nanoTime();
        long opened = start;
        for (long tick = 0; tick * TICK_NANOS < nanos; tick++) {
            sleepUntil(start + tick * TICK_NANOS);
            if (reopenNanos > 0 && System.nanoTime() - opened > reopenNanos) {
                requester.close();
                requester = open();
                opened = System.nanoTime();
            }
            for (int i = 0; i < PER_TICK; i++) {
                targets.askNext(requester);
            }
            if (before == null && tick * TICK_NANOS > WARM_UP * nanos) {
                before = ProcessHoldings.now();
            }
        }
        long end = System.nanoTime() + LAST_NANOS;
        while (targets.missing() > 0 && System.nanoTime() - end < 0) {
            LockSupport.parkNanos(TICK_NANOS);
        }
        if (before == null) {
            throw new IllegalArgumentException("seconds is " + args[0] + "; more than 0.1 are needed");
        }
        ProcessHoldings after = ProcessHoldings.now();
        System.out.printf(Locale.ROOT, "soaked %s %s%n", targets, after.moreThan(before));
        requester.close();
    }

    private static EchoRequester open() throws Exception {
        return EchoRequester.newBuilder().open();
    }

    private static void sleepUntil(long nanos) {
        for (long rest = nanos - System.nanoTime(); rest > 0; rest = nanos - System.nanoTime()) {
            LockSupport.parkNanos(rest);
        }
    }

    private static void burn() {
        List<byte[]> garbage = new ArrayList<>();
        while (true) {
            garbage.add(new byte[1 << 12]);
            if (garbage.size() == 1_000) {
                garbage.clear();
            }
        }
    }
}
