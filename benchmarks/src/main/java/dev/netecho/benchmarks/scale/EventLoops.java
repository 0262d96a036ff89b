// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Session;
import java.util.List;

/** Whether more event loops send more where one core is not enough. */
final class EventLoops implements Experiment {
    private static final int LOOPS = 2;

    @Override
    public String name() {
        return "event-loops";
    }

    @Override
    public String question() {
        return "How much faster is a requester with two event loops than with one, on the cores there are?";
    }

    @Override
    public void run(Session session) throws Exception {
        String output = PairedTurns.output(
                session,
                session.java(
                        List.of(),
                        EventLoopTurns.class,
                        Double.toString(session.seconds()),
                        Integer.toString(session.pairs()),
                        Integer.toString(LOOPS)));
        session.figures()
                .add("event_loops_2_to_1_rate_ratio", PairedTurns.of(output).ratios("several", "one"));
        session.figures().add("event_loops_processors", Runtime.getRuntime().availableProcessors());
    }
}
