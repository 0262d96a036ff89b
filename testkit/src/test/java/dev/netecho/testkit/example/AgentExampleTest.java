// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.example;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.simulated.SimulatedClock;
import dev.netecho.testkit.simulated.SimulatedHost;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How the developer of an agent tests it: hours of monitoring, without a network and without waiting. */
class AgentExampleTest {
    private static final InetAddress GATEWAY = address("192.0.2.254");
    private static final InetAddress NIGHTLY = address("192.0.2.7");
    private static final InetAddress LOSSY = address("2001:db8::7");
    private static final InetAddress DEAD = address("192.0.2.9");

    /** Asks each of its hosts once a minute; three outcomes in a row that are no reply are an alarm. */
    private static final class Agent {
        private static final int ALARM = 3;

        private final EchoRequester requester;
        private final Map<InetAddress, Integer> failures = new HashMap<>();
        private final List<String> alarms = new ArrayList<>();

        Agent(EchoRequester requester) {
            this.requester = requester;
        }

        void minute(InetAddress... hosts) {
            for (InetAddress host : hosts) {
                requester.sendAsync(EchoRequest.to(host), (request, outcome) -> judge(host, outcome));
            }
        }

        private void judge(InetAddress host, EchoOutcome outcome) {
            int before = failures.getOrDefault(host, 0);
            int now = outcome.isReply() ? 0 : before + 1;
            failures.put(host, now);
            if (now == ALARM) {
                alarms.add(
                        host.getHostAddress() + " down: " + outcome.getClass().getSimpleName());
            } else if (now == 0 && before >= ALARM) {
                alarms.add(host.getHostAddress() + " up");
            }
        }
    }

    @Test
    void aDayOfMonitoringTellsTheTrueAlarmsAndNoOther() throws Exception {
        SimulatedHosts hosts = new SimulatedHosts()
                .put(GATEWAY, SimulatedHost.up(Duration.ofMillis(3)))
                .put(LOSSY, SimulatedHost.up(Duration.ofMillis(40)).losing(0.01, 42))
                .put(DEAD, SimulatedHost.unreachable(GATEWAY, Duration.ofMillis(4)))
                .put(NIGHTLY, echo -> {
                    if (echo.elapsed().toHours() != 3) {
                        echo.reply(Duration.ofMillis(20));
                    }
                });
        SimulatedNetwork network = new SimulatedNetwork(hosts);
        SimulatedClock clock = network.clock();
        try (EchoRequester requester = network.newRequesterBuilder().open()) {
            Agent agent = new Agent(requester);
            clock.scheduleAtFixedRate(Duration.ofMinutes(1), () -> agent.minute(GATEWAY, NIGHTLY, LOSSY, DEAD));
            clock.advance(Duration.ofDays(1).plusSeconds(30));

            assertThat(agent.alarms)
                    .containsExactly("192.0.2.9 down: IcmpError", "192.0.2.7 down: TimedOut", "192.0.2.7 up");
            assertThat(requester.statistics().sent()).isEqualTo(4 * 24 * 60);
            assertThat(requester.statistics().inFlight()).isZero();
        }
    }

    private static InetAddress address(String digits) {
        try {
            return InetAddress.getByName(digits);
        } catch (UnknownHostException e) {
            throw new AssertionError(e);
        }
    }
}
