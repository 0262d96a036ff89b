// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.path;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.path.PathEnd;
import dev.netecho.path.PathMtu;
import dev.netecho.path.PathMtuLimit;
import dev.netecho.path.PathMtuReport;
import dev.netecho.path.PathReport;
import dev.netecho.path.PathTrace;
import dev.netecho.testkit.simulated.SimulatedEcho;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Traces and searches that begin together. Requests are counted: a clock would measure the machine. */
@Timeout(120)
final class ManyTracesTest {
    private static final int DISTANCE = 3;

    private static void answer(SimulatedEcho echo) {
        if (!SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)) {
            echo.reply(SimulatedPath.roundTrip(DISTANCE));
        }
    }

    private static List<CompletableFuture<PathReport>> begin(
            int traces, int hops, EchoRequester requester, SimulatedPath path) {
        List<CompletableFuture<PathReport>> reports = new ArrayList<>();
        for (int i = 0; i < traces; i++) {
            reports.add(PathTrace.newBuilder(requester, path.destination)
                    .maxHops(hops)
                    .rounds(1)
                    .start()
                    .report());
        }
        return reports;
    }

    private static void assertThatAllReach(List<CompletableFuture<PathReport>> reports, SimulatedPath path) {
        for (CompletableFuture<PathReport> report : reports) {
            PathReport found = path.await(report);
            assertThat(found.end()).isEqualTo(PathEnd.REACHED);
            assertThat(found.hops()).hasSize(DISTANCE);
        }
    }

    /** One for eight outcomes, and a look every 20 ms while nothing moves. */
    private static void assertFewRefusals(EchoStatistics counted, long began) {
        long refused = counted.notSent(NotSentReason.OVERLOADED);
        long others = counted.sent() + counted.notSent() - refused;
        long looks = Duration.ofNanos(System.nanoTime() - began).toMillis() / 20;
        assertThat(refused)
                .as("requests refused, of %d others", others)
                .isPositive()
                .isLessThan(others / 6 + looks + 100);
    }

    @ParameterizedTest
    @ValueSource(ints = {1_000, 10_000})
    void areRefusedSeldomWhereTheRequesterTakesFew(int traces) throws Exception {
        int hops = 10;
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, ManyTracesTest::answer)) {
            EchoRequester narrow = path.narrow(1_000);
            long began = System.nanoTime();
            assertThatAllReach(begin(traces, hops, narrow, path), path);
            EchoStatistics counted = narrow.statistics();
            narrow.close();
            assertThat(counted.sent()).isLessThanOrEqualTo((long) traces * hops);
            assertFewRefusals(counted, began);
        }
    }

    @Test
    void leaveRoomForOtherRequests() throws Exception {
        AtomicReference<EchoRequester> requester = new AtomicReference<>();
        AtomicLong most = new AtomicLong();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (echo.number() % 100 == 0) {
                EchoStatistics now = requester.get().statistics();
                most.accumulateAndGet(now.inFlight() + now.queued(), Math::max);
            }
            answer(echo);
        })) {
            requester.set(path.requester);
            assertThatAllReach(begin(10_000, 30, path.requester, path), path);
            assertThat(path.requester.statistics().notSent(NotSentReason.OVERLOADED))
                    .isZero();
            assertThat(most.get()).isBetween(1L, 65_536L);
        }
    }

    @Test
    void refusalIsTheOutcomeOnlyWhereNothingMoves() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {})) {
            EchoRequester full = path.narrow(1);
            CompletableFuture<?> first = full.sendAsync(EchoRequest.to(path.destination));
            List<CompletableFuture<PathReport>> reports = begin(100, 30, full, path);
            for (CompletableFuture<PathReport> report : reports) {
                PathReport found = report.join(); // the time of the network stands still
                assertThat(found.end()).isEqualTo(PathEnd.NOT_SENT);
            }
            assertThat(full.statistics().notSent(NotSentReason.OVERLOADED)).isLessThan(100 * 30 + 200);
            first.cancel(false);
            full.close();
        }
    }

    private static void awaitSent(EchoRequester requester, int count) {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        while (requester.statistics().sent() < count && System.nanoTime() - end < 0) {
            Thread.onSpinWait();
        }
        assertThat(requester.statistics().sent()).isEqualTo(count);
    }

    /** The requester is full for a moment. No outcome says that it has room again, because all hops are silent. */
    @Test
    void aRefusalOfTheMomentIsForgottenSoon() throws Exception {
        int places = 64;
        int hops = 30;
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {})) {
            EchoRequester narrow = path.narrow(places);
            List<CompletableFuture<?>> others = new ArrayList<>();
            for (int i = 0; i < places; i++) {
                others.add(narrow.sendAsync(EchoRequest.to(path.destination)));
            }
            awaitSent(narrow, places);
            CompletableFuture<PathReport> report = begin(1, hops, narrow, path).get(0);
            others.forEach(other -> other.cancel(false));
            awaitSent(narrow, places + hops); // the time of the network stands still
            assertThat(path.await(report).end()).isEqualTo(PathEnd.SILENT);
            narrow.close();
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {1, 10})
    void searchesWaitForEachOtherToo(int maxOutstanding) throws Exception {
        int searches = 300;
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, ManyTracesTest::answer)) {
            EchoRequester narrow = path.narrow(maxOutstanding);
            long began = System.nanoTime();
            List<CompletableFuture<PathMtuReport>> reports = new ArrayList<>();
            for (int i = 0; i < searches; i++) {
                reports.add(PathMtu.newBuilder(narrow, path.destination).start().report());
            }
            for (CompletableFuture<PathMtuReport> report : reports) {
                assertThat(path.await(report).limit()).isEqualTo(PathMtuLimit.LOCAL);
            }
            EchoStatistics counted = narrow.statistics();
            narrow.close();
            assertFewRefusals(counted, began);
        }
    }

    @Test
    void endWhenTheRequesterIsClosed() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {})) {
            EchoRequester narrow = path.narrow(100);
            List<CompletableFuture<PathReport>> reports = begin(1_000, 30, narrow, path);
            narrow.close();
            for (CompletableFuture<PathReport> report : reports) {
                report.join();
            }
        }
    }
}
