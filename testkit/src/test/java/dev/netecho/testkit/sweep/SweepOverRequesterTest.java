// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.sweep.Sweep;
import dev.netecho.sweep.SweepBatch;
import dev.netecho.sweep.SweepReport;
import dev.netecho.sweep.SweepTargets;
import dev.netecho.testkit.simulated.SimulatedHost;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A sweep through any requester. */
@Timeout(60)
final class SweepOverRequesterTest {
    private static final Duration ROUND_TRIP = Duration.ofMillis(3);

    /** {@return the result, after letting as much virtual time pass as it needs} */
    private static SweepReport await(SimulatedNetwork network, CompletableFuture<SweepReport> result) {
        while (!result.isDone()) {
            network.clock().advance(Duration.ofMillis(5));
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(50));
        }
        return result.join();
    }

    private static int last(InetAddress address) {
        byte[] octets = address.getAddress();
        return octets[octets.length - 1] & 0xff;
    }

    @Test
    void saysWhatBecameOfEveryHost() throws Exception {
        InetAddress router = InetAddress.getByName("198.18.15.1");
        InetAddress router6 = InetAddress.getByName("2001:2::1:1");
        SimulatedNetwork network = new SimulatedNetwork(new SimulatedHosts().others(address -> switch (last(address)
                % 4) {
            case 0 -> SimulatedHost.silent();
            case 1 -> SimulatedHost.unreachable(address.getAddress().length == 4 ? router : router6, ROUND_TRIP);
            case 2 -> SimulatedHost.up(ROUND_TRIP).duplicating(1);
            default -> SimulatedHost.up(ROUND_TRIP);
        }));
        Map<InetAddress, SweepBatch.Kind> found = new HashMap<>();
        List<Long> roundTrips = new ArrayList<>();
        Set<IcmpErrorKind> kinds = new HashSet<>();
        try (EchoRequester requester =
                network.newRequesterBuilder().maxOutstanding(100).open()) {
            Sweep sweep = Sweep.newBuilder(SweepTargets.of("198.18.0.0/23", "2001:2::/120"))
                    .requester(requester)
                    .rate(1_000_000)
                    .coolDown(Duration.ofSeconds(1))
                    .listener(batch -> {
                        for (int i = 0; i < batch.size(); i++) {
                            assertThat(found.put(batch.address(i), batch.kind(i)))
                                    .isNull();
                            roundTrips.add(batch.roundTripNanos(i));
                            if (batch.error(i).isPresent()) {
                                kinds.add(batch.error(i).get());
                            }
                        }
                    })
                    .start();
            SweepReport report = await(network, sweep.report());
            assertThat(report.way()).isEqualTo(requester.provider());
            assertThat(report.answered()).isEqualTo(384);
            assertThat(report.errors()).isEqualTo(192);
            assertThat(report.silent()).isEqualTo(192);
            assertThat(report.complete()).isTrue();
            assertThat(report.trouble()).isEmpty();
            assertThat(report.duplicates()).isEmpty();
            assertThat(found).hasSize(576);
            assertThat(kinds)
                    .containsExactlyInAnyOrder(IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.ADDRESS_UNREACHABLE);
            assertThat(roundTrips).hasSize(576).allMatch(nanos -> nanos >= ROUND_TRIP.toNanos());
            assertThat(requester.isOpen()).isTrue();
        }
    }

    @Test
    void asksAgainWhatTheSystemWouldNotSend() throws Exception {
        SimulatedNetwork network =
                new SimulatedNetwork(new SimulatedHosts().others(address -> SimulatedHost.up(ROUND_TRIP)));
        network.routes(address -> last(address) >= 16);
        try (EchoRequester requester = network.newRequesterBuilder().open()) {
            Sweep sweep = Sweep.newBuilder(SweepTargets.of("198.18.0.0/24"))
                    .requester(requester)
                    .rate(100_000)
                    .start();
            SweepReport report = await(network, sweep.report());
            assertThat(report.answered()).isEqualTo(240);
            assertThat(report.refused()).isEqualTo(16);
            assertThat(report.packets()).isEqualTo(256 + 3 * 16);
            assertThat(report.trouble()).isPresent();
        }
    }

    @Test
    void endsWhenTheRequesterIsClosed() throws Exception {
        SimulatedNetwork network = new SimulatedNetwork(new SimulatedHosts());
        EchoRequester requester = network.newRequesterBuilder().open();
        Sweep sweep = Sweep.newBuilder(SweepTargets.of("198.18.0.0/16"))
                .requester(requester)
                .start();
        requester.close();
        SweepReport report = sweep.report().join();
        assertThat(report.complete()).isFalse();
        assertThat(report.left()).isEqualTo(65_536);
        assertThat(report.trouble()).get().asString().contains("was closed; give the sweep one that stays open");
    }
}
