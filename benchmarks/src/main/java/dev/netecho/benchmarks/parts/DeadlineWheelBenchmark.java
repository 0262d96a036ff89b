// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.parts;

import dev.netecho.engine.DeadlineWheel;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** The timer of a lane with requests that are answered, and with requests that are not. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class DeadlineWheelBenchmark {
    private static final int ENTRIES = 1024;
    private static final long TIMEOUT_NANOS = 1_000_000_000;
    private static final long BETWEEN_REQUESTS_NANOS = 5_000;

    private final DeadlineWheel answered = new DeadlineWheel(ENTRIES, 0);
    private final DeadlineWheel silent = new DeadlineWheel(ENTRIES, 0);
    private long answeredNow;
    private long silentNow;
    private int oldest;

    /** Arms all entries of the wheel whose requests are answered. */
    @Setup
    public void armAll() {
        for (int i = 0; i < ENTRIES; i++) {
            answered.arm(i, TIMEOUT_NANOS);
        }
    }

    /**
     * The reply to the oldest request came, and the next request leaves.
     *
     * @return the entry, so that the work is not optimised away
     */
    @Benchmark
    public int disarmAndArm() {
        int entry = oldest;
        answeredNow += BETWEEN_REQUESTS_NANOS;
        answered.disarm(entry);
        answered.arm(entry, answeredNow + TIMEOUT_NANOS);
        oldest = (oldest + 1) & (ENTRIES - 1);
        return entry;
    }

    /**
     * Arms all entries and lets them expire, woken as the wheel asks for it.
     *
     * @return the sum of the entries
     */
    @Benchmark
    @OperationsPerInvocation(ENTRIES)
    public long armAndExpire() {
        for (int i = 0; i < ENTRIES; i++) {
            silent.arm(i, silentNow + TIMEOUT_NANOS + i * BETWEEN_REQUESTS_NANOS);
        }
        long sum = 0;
        while (silent.armed() > 0) {
            silentNow = silent.nextNanos();
            for (int entry = silent.expired(silentNow); entry >= 0; entry = silent.expired(silentNow)) {
                sum += entry;
            }
        }
        return sum;
    }
}
