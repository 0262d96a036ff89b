// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoRequester;
import dev.netecho.benchmarks.ProcessCost;
import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepListener;
import dev.netecho.sweep.SweepReport;
import dev.netecho.sweep.SweepTargets;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process whose sweeps are measured: one for each line of its input, as fast as it can.
 *
 * <p>Arguments: {@code packet}, {@code engine} or {@code memory}, the network, the cool-down in milliseconds. The last
 * sweeps until it has told of its memory: what the heap holds after a collection, and the ring.
 */
final class SweepTurns {
    private static final int FASTEST = 10_000_000;
    private static final int SLOW = 1_000;
    private static final double MEGABYTE = 1e6;

    private final SweepTargets targets;
    private final Duration coolDown;

    private SweepTurns(String network, Duration coolDown) {
        this.targets = SweepTargets.of(network);
        this.coolDown = coolDown;
    }

    /** The program. */
    public static void main(String[] args) throws Exception {
        SweepTurns turns = new SweepTurns(args[1], Duration.ofMillis(Long.parseLong(args[2])));
        System.out.println("ready");
        switch (args[0]) {
            case "packet" -> turns.run(null);
            case "engine" -> {
                try (EchoRequester requester =
                        EchoRequester.newBuilder().provider("linux-raw").open()) {
                    turns.run(requester);
                }
            }
            default -> turns.memory();
        }
    }

    private Sweep.Builder sweep() {
        return Sweep.newBuilder(targets).coolDown(coolDown);
    }

    private void run(@Nullable EchoRequester requester) throws Exception {
        BufferedReader in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        while (in.readLine() != null) {
            LastAnswer last = new LastAnswer();
            Sweep.Builder builder = sweep().rate(FASTEST).listener(last);
            if (requester == null) {
                builder.way("packet");
            } else {
                builder.requester(requester);
            }
            ProcessCost before = ProcessCost.before();
            SweepReport report = builder.start().report().join();
            // Without the opening, as that of C.
            long start = System.nanoTime() - report.elapsed().toNanos();
            ProcessCost after = ProcessCost.after();
            double hosts = report.targets();
            System.out.printf(
                    Locale.ROOT,
                    "result rate=%.0f cpu_us=%.4f found=%d unsure=%d packets=%d trouble=%s%n",
                    hosts * 1e9 / (last.nanos - start),
                    (after.cpuNanos() - before.cpuNanos()) / 1e3 / hosts,
                    report.answered(),
                    report.unsure(),
                    report.packets(),
                    report.trouble().orElse("none").replace(' ', '_').replace('=', ':'));
        }
    }

    /** When the last answer was told; read when the sweep is over. */
    private static final class LastAnswer implements SweepListener {
        private volatile long nanos;

        @Override
        public void onAnswers(SweepBatch batch) {
            nanos = System.nanoTime();
        }
    }

    private void memory() throws IOException {
        long before = heap();
        Sweep sweep = sweep().way("packet").rate(SLOW).start();
        try {
            while (sweep.progress().packets() < SLOW) {
                TimeUnit.MILLISECONDS.sleep(10);
            }
            System.out.printf(
                    Locale.ROOT, "result heap_mb=%.2f ring_mb=%.2f%n", (heap() - before) / MEGABYTE, ring() / MEGABYTE);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            sweep.stop();
            sweep.report().join();
        }
    }

    private static long heap() {
        System.gc();
        Runtime runtime = Runtime.getRuntime();
        return runtime.totalMemory() - runtime.freeMemory();
    }

    /** proc(5), /proc/pid/maps: a packet ring is a mapping of a socket. */
    private static long ring() throws IOException {
        long bytes = 0;
        for (String line : Files.readAllLines(Path.of("/proc/self/maps"), StandardCharsets.UTF_8)) {
            if (line.contains("socket:[")) {
                String[] ends = line.substring(0, line.indexOf(' ')).split("-", 2);
                bytes += Long.parseUnsignedLong(ends[1], 16) - Long.parseUnsignedLong(ends[0], 16);
            }
        }
        return bytes;
    }
}
