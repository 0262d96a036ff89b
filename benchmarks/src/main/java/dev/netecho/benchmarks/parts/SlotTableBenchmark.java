// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.parts;

import dev.netecho.engine.SlotState;
import dev.netecho.engine.SlotTable;
import dev.netecho.spi.PendingEcho;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;

/** One request's way through the table of a lane whose slots have all been used before. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SlotTableBenchmark {
    private static final int SLOTS = 1 << 16;
    private static final int IN_FLIGHT = 64;

    private final SlotTable slots = new SlotTable(SLOTS);
    private final PendingEcho echo = QueuedEcho.create();
    private final int[] taken = new int[IN_FLIGHT];
    private long now = 1;
    private int oldest;

    /** Uses every slot once. */
    @Setup
    public void useAll() {
        for (int i = 0; i < IN_FLIGHT; i++) {
            taken[i] = take();
        }
        for (int i = 0; i < SLOTS; i++) {
            takeAndFree();
        }
    }

    private int take() {
        now += 5_000;
        slots.makeRoom();
        int slot = slots.take(echo, true, now);
        slots.describe(slot, now, 0, 0x7f000001);
        slots.sent(slot, now, 0);
        return slot;
    }

    /**
     * Frees the slot of the oldest request and takes one for the next.
     *
     * @return the request that was freed
     */
    @Benchmark
    public Object takeAndFree() {
        Object freed = slots.free(taken[oldest], SlotState.ANSWERED, true, now);
        taken[oldest] = take();
        oldest = oldest + 1 < IN_FLIGHT ? oldest + 1 : 0;
        if (freed == null) {
            throw new IllegalStateException("slot " + taken[oldest] + " had no request");
        }
        return freed;
    }
}
