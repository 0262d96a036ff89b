// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepReport;
import dev.netecho.sweep.SweepTargets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;

/** A sweep that may be killed. Arguments: range, rate, file of the checkpoint, its interval in milliseconds. */
final class SweepProgram {
    static final Duration COOL_DOWN = Duration.ofMillis(200);

    private SweepProgram() {}

    public static void main(String[] args) throws Exception {
        SweepReport report = Sweep.newBuilder(SweepTargets.of(args[0]))
                .way(PacketWay.NAME)
                .rate(Integer.parseInt(args[1]))
                .coolDown(COOL_DOWN)
                .checkpoint(Path.of(args[2]))
                .checkpointEvery(Duration.ofMillis(Long.parseLong(args[3])))
                .listener(SweepProgram::print)
                .start()
                .report()
                .join();
        System.out.printf(Locale.ROOT, "end %s %d %d%n", report.complete(), report.answered(), report.silent());
    }

    private static void print(SweepBatch batch) {
        for (int i = 0; i < batch.size(); i++) {
            System.out.println("alive " + batch.address(i).getHostAddress());
        }
    }
}
