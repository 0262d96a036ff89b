// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.simulated.SimulatedClock;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * One agent of the simulated fleet: polls each of its targets once per period, evenly spread, on a clock that is not
 * the wall's.
 */
final class FleetAgent {
    private static final Duration TICK = Duration.ofMillis(100);

    private final SimulatedHosts hosts = new SimulatedHosts();
    private final SimulatedNetwork network = new SimulatedNetwork(hosts);
    private final SimulatedClock clock = network.clock();
    private long sent;
    private long completed;
    private long mostInFlight;
    private long replies;
    private int next;
    private double due;

    /** Monitors targets for so long; the clock jumps from event to event. */
    void monitor(List<FleetTarget> targets, Duration period, Duration time) throws Exception {
        Map<InetAddress, FleetTarget> byAddress = new HashMap<>();
        targets.forEach(target -> byAddress.put(target.request.destination(), target));
        hosts.others(address -> {
            FleetTarget target = byAddress.get(address);
            return echo -> {
                if (target != null && target.answers(echo.elapsed().toSeconds())) {
                    echo.reply(Duration.ofMillis(target.roundTripMillis));
                }
            };
        });
        double perTick = targets.size() * (double) TICK.toNanos() / period.toNanos();
        try (EchoRequester requester = network.newRequesterBuilder().open()) {
            clock.scheduleAtFixedRate(TICK, () -> {
                for (due += perTick; due >= 1; due--) {
                    FleetTarget target = targets.get(next);
                    next = next + 1 == targets.size() ? 0 : next + 1;
                    sent++;
                    requester.sendAsync(target.request, target);
                }
                mostInFlight = Math.max(mostInFlight, sent - completed);
            });
            clock.advance(time);
        }
    }

    void completed(EchoOutcome outcome) {
        completed++;
        if (outcome.isReply()) {
            replies++;
        }
    }

    long nowSeconds() {
        return clock.elapsed().toSeconds();
    }

    long sent() {
        return sent;
    }

    long replies() {
        return replies;
    }

    long mostInFlight() {
        return mostInFlight;
    }
}
