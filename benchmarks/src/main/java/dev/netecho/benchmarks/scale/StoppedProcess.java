// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import java.time.Duration;
import java.util.List;

/**
 * What is said of live hosts when the process was stopped for 200 ms in the middle (SIGSTOP), as a machine that swaps
 * or a hypervisor stops it.
 *
 * <p>The first three networks of {@link FalseLosses} answer within what the send window remembers, so nothing should be
 * lost at all. Hosts that take 400 ms answer into a buffer that cannot hold them: there losses are expected, and each
 * must be flagged.
 */
final class StoppedProcess implements Experiment {
    private static final Duration STOP = Duration.ofMillis(200);
    private static final List<String> QUICK = List.of("50000_at_50_ms", "16000_at_400_ms");

    @Override
    public String name() {
        return "stopped-process";
    }

    @Override
    public String question() {
        return "When the process is stopped for 200 ms, is every loss that follows flagged as possibly our own?";
    }

    @Override
    public void run(Session session) throws Exception {
        for (Sweep sweep : FalseLosses.sweeps(session.quick() ? 1 : 3)) {
            if (session.quick() && !QUICK.contains(sweep.label())) {
                continue;
            }
            Sweep.Result result = sweep.run(session, STOP);
            session.figures()
                    .goal("stopped_unflagged_" + sweep.label(), (double) result.unflagged(), Comparison.AT_MOST, 0);
            session.figures().add("stopped_lost_" + sweep.label(), (double) result.lost());
            session.figures()
                    .add("stopped_dropped_" + sweep.label(), (double) Sweep.number(result.values(), "dropped"));
        }
    }
}
