// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.benchmarks.Comparison;
import dev.netecho.benchmarks.Experiment;
import dev.netecho.benchmarks.Figures;
import dev.netecho.benchmarks.Session;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * An hour of a fleet that no single machine could show: many targets over many agents, in the testkit's simulated
 * network, where an hour takes as long as the code takes.
 *
 * <p>A figure of this experiment is a property of the plan and of the code, not of the machine: it is the same
 * everywhere.
 */
final class FleetSimulation implements Experiment {
    private static final int AGENTS = 20;
    private static final Duration PERIOD = Duration.ofMinutes(5);
    private static final Duration TIME = Duration.ofHours(1);

    @Override
    public String name() {
        return "fleet-simulation";
    }

    @Override
    public String question() {
        return "What does an hour of a million targets over 20 agents look like, every target polled each five "
                + "minutes?";
    }

    @Override
    public void run(Session session) throws Exception {
        int targets = session.quick() ? 20_000 : 1_000_000;
        int moved = 0;
        List<List<Integer>> shards = new ArrayList<>();
        for (int agent = 0; agent < AGENTS; agent++) {
            shards.add(new ArrayList<>());
        }
        Hashmod hashmod = new Hashmod();
        for (int number = 0; number < targets; number++) {
            String address = FleetTarget.address(number).getHostAddress();
            int shard = hashmod.shard(address, AGENTS);
            shards.get(shard).add(number);
            moved += hashmod.shard(address, AGENTS + 1) == shard ? 0 : 1;
        }
        Totals totals = new Totals();
        for (List<Integer> shard : shards) {
            monitor(shard, totals);
        }
        report(session, targets, shards.stream().mapToInt(List::size).max().orElse(0), moved, totals);
    }

    /** What all agents saw. */
    private static final class Totals {
        private long sent;
        private long replies;
        private long mostInFlight;
        private long failed;
        private long found;
        private long falseAlarms;
        private long slowest;
    }

    private static void monitor(List<Integer> numbers, Totals totals) throws Exception {
        FleetAgent agent = new FleetAgent();
        List<FleetTarget> targets = new ArrayList<>();
        for (int number : numbers) {
            targets.add(new FleetTarget(number, TIME.toSeconds(), agent));
        }
        agent.monitor(targets, PERIOD, TIME);
        totals.sent += agent.sent();
        totals.replies += agent.replies();
        totals.mostInFlight = Math.max(totals.mostInFlight, agent.mostInFlight());
        long findable = TIME.toSeconds() - (FleetTarget.POLLS_TO_ALARM + 1) * PERIOD.toSeconds();
        for (FleetTarget target : targets) {
            boolean alarmed = target.alarmAtSeconds != FleetTarget.NEVER;
            // One that goes down too late to be missed three times within the hour is left out.
            if (target.downAtSeconds < findable) {
                totals.failed++;
            }
            if (alarmed && target.alarmAtSeconds < target.downAtSeconds) {
                totals.falseAlarms++;
            } else if (alarmed && target.downAtSeconds < findable) {
                totals.found++;
                totals.slowest = Math.max(totals.slowest, target.alarmAtSeconds - target.downAtSeconds);
            }
        }
    }

    private static void report(Session session, int targets, int largest, int moved, Totals totals) {
        Figures figures = session.figures();
        figures.add("fleet_targets", targets);
        figures.add("fleet_echoes", (double) totals.sent);
        figures.add("fleet_echoes_lost_percent", 100.0 * (totals.sent - totals.replies) / totals.sent);
        figures.add("fleet_largest_shard_to_mean", (double) largest * AGENTS / targets);
        figures.add("fleet_moved_by_one_more_agent_percent", 100.0 * moved / targets);
        figures.add("fleet_most_in_flight_per_agent", (double) totals.mostInFlight);
        figures.add("fleet_failures", (double) totals.failed);
        figures.goal("fleet_failures_found", (double) totals.found, Comparison.AT_LEAST, (double) totals.failed);
        figures.goal(
                "fleet_slowest_alarm_minutes",
                totals.slowest / 60.0,
                Comparison.AT_MOST,
                (FleetTarget.POLLS_TO_ALARM + 1.0) * PERIOD.toMinutes());
        figures.add("fleet_false_alarms", (double) totals.falseAlarms);
    }
}
