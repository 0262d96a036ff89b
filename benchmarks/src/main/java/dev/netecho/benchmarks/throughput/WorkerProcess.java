// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import dev.netecho.benchmarks.Finished;
import dev.netecho.benchmarks.Session;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** A running {@link EchoWorker}, seen from the JVM that directs it. */
final class WorkerProcess implements AutoCloseable {
    private static final int PATIENCE_SECONDS = 30;

    private static final double WARM_UP_SECONDS = 0.25;
    private static final double GAIN = 0.98;
    /** Turns of a warm-up in a row that were no better than those before. */
    private static final int WARM_AFTER = 3;

    /**
     * A heap that has been used up once, as that of an agent. Touching a page of a new heap for the first time makes
     * the kernel find memory for it: that took a tenth of the rate (measured in a virtual machine: 0.81 of C, 0.95 with
     * these options, turn by turn).
     */
    private static final List<String> USED_HEAP = List.of("-Xms64m", "-Xmx64m", "-XX:+AlwaysPreTouch");

    private final Session session;
    private final Process process;
    private final BufferedWriter input;
    private final BufferedReader output;

    private WorkerProcess(Session session, Process process) {
        this.session = session;
        this.process = process;
        this.input = process.outputWriter();
        this.output = process.inputReader();
    }

    /** {@return a worker on the JDK of this run} */
    static WorkerProcess start(Session session) throws IOException {
        return start(session, session.java(USED_HEAP, EchoWorker.class));
    }

    /** {@return a worker on another JDK} */
    static WorkerProcess start(Session session, Path jdk, String... moreOptions) throws IOException {
        List<String> options = new ArrayList<>(USED_HEAP);
        options.addAll(List.of(moreOptions));
        return start(session, session.java(jdk, options, EchoWorker.class));
    }

    private static WorkerProcess start(Session session, ProcessBuilder builder) throws IOException {
        return new WorkerProcess(session, session.start(builder.redirectError(ProcessBuilder.Redirect.INHERIT)));
    }

    /** Lets it work one turn. */
    Outcome measure(Turn turn) throws IOException, InterruptedException {
        input.write(turn.toLine());
        input.newLine();
        input.flush();
        CompletableFuture<String> line = CompletableFuture.supplyAsync(() -> {
            try {
                return String.valueOf(output.readLine());
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        });
        try {
            long limit = Math.round(turn.warmUp() + turn.seconds()) + PATIENCE_SECONDS;
            return Outcome.of("the library", Finished.valuesOf(line.get(limit, TimeUnit.SECONDS)));
        } catch (TimeoutException | ExecutionException e) {
            close();
            throw new IOException("the worker gave no figures for " + turn.toLine(), e);
        }
    }

    /**
     * Lets it work until it gets no faster: an agent runs for months, so what is compared is compiled code.
     *
     * @param turn the turn that is to be measured later
     * @param limitSeconds when to stop at the latest
     */
    void warmUp(Turn turn, double limitSeconds) throws IOException, InterruptedException {
        double best = Double.MAX_VALUE;
        int withoutGain = 0;
        for (double spent = 0; spent < limitSeconds && withoutGain < WARM_AFTER; spent += WARM_UP_SECONDS) {
            double cpu = measure(turn.lasting(WARM_UP_SECONDS)).cpuMicros();
            withoutGain = cpu < GAIN * best ? 0 : withoutGain + 1;
            best = Math.min(best, cpu);
        }
    }

    @Override
    public void close() {
        session.end(process);
    }
}
