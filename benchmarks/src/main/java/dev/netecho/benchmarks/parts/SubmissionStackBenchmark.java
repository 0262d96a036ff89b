// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.parts;

import dev.netecho.engine.SubmissionStack;
import dev.netecho.spi.PendingEcho;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** Handing requests to the loop and taking them there, one chunk at a time and without contention. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
public class SubmissionStackBenchmark {
    private static final int CHUNK = 32;

    private final SubmissionStack stack = new SubmissionStack();
    private final PendingEcho[] echoes = new PendingEcho[CHUNK];

    /** Creates the requests, which go round for ever. */
    public SubmissionStackBenchmark() {
        for (int i = 0; i < CHUNK; i++) {
            echoes[i] = QueuedEcho.create();
        }
    }

    /**
     * Pushes a chunk, takes it and visits every request.
     *
     * @param blackhole takes them
     */
    @Benchmark
    @OperationsPerInvocation(CHUNK)
    public void pushAndTake(Blackhole blackhole) {
        for (PendingEcho echo : echoes) {
            stack.push(echo);
        }
        for (PendingEcho echo = stack.takeAll(); echo != null; echo = echo.next()) {
            blackhole.consume(echo);
        }
    }
}
