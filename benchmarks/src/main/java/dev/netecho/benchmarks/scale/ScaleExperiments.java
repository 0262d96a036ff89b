// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Experiment;
import java.util.List;

/** The experiments of this package, in the order in which they run. */
public final class ScaleExperiments {
    private ScaleExperiments() {}

    /** {@return one of each} */
    public static List<Experiment> all() {
        return List.of(
                new QuietRoundTrips(),
                new FalseLosses(),
                new StoppedProcess(),
                new MillionInFlight(),
                new ManyDestinations(),
                new EventLoops(),
                new LentLoop(),
                new IdleWakeups(),
                new ForeignTraffic(),
                new ForeignSockets(),
                new StartTimes(),
                new NetworkSweeps(),
                new MonitorCost(),
                new AgentCost(),
                new FleetSimulation(),
                new Soak());
    }
}
