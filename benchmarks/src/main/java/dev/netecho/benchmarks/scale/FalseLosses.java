// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import java.time.Duration;
import java.util.List;

/** Live hosts that are not said to answer, though the caller hands over everything at once. */
final class FalseLosses implements Experiment {
    private static final int TIMEOUT_MILLIS = 1_000;

    @Override
    public String name() {
        return "false-losses";
    }

    @Override
    public String question() {
        return "With the kernel's default buffers and a caller that does not pace itself, is every live host "
                + "said to be alive?";
    }

    @Override
    public void run(Session session) throws Exception {
        int rounds = session.quick() ? 1 : 5;
        for (Sweep sweep : sweeps(rounds)) {
            Sweep.Result result = sweep.run(session, Duration.ZERO);
            session.figures().goal("false_losses_" + sweep.label(), (double) result.lost(), Comparison.AT_MOST, 0);
        }
    }

    /** Three networks that answer within what the send window remembers, 134 ms, and one that does not. */
    static List<Sweep> sweeps(int rounds) {
        return List.of(
                new Sweep("4000_at_20_ms", BenchAddress.AT_20_MS, 4_000, 0, 4 * rounds, TIMEOUT_MILLIS),
                new Sweep("50000_at_50_ms", BenchAddress.AT_50_MS, 50_000, 0, rounds, TIMEOUT_MILLIS),
                new Sweep("1000_beside_30000_silent", BenchAddress.AT_20_MS, 1_000, 30_000, rounds, TIMEOUT_MILLIS),
                new Sweep("16000_at_400_ms", BenchAddress.AT_400_MS, 16_000, 0, rounds, 2 * TIMEOUT_MILLIS));
    }
}
