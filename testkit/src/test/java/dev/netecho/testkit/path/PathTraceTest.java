// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.entry;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.path.PathEnd;
import dev.netecho.path.PathHop;
import dev.netecho.path.PathListener;
import dev.netecho.path.PathReport;
import dev.netecho.path.PathTrace;
import dev.netecho.path.RoundTrips;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.testkit.lab.SimulatedLab;
import dev.netecho.testkit.simulated.SimulatedEcho;
import dev.netecho.testkit.simulated.SimulatedHost;
import dev.netecho.testkit.simulated.SimulatedHosts;
import dev.netecho.testkit.simulated.SimulatedNetwork;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PathTraceTest {
    private static final int DISTANCE = 6;

    @ParameterizedTest
    @EnumSource
    void findsEveryHopInOneRoundTrip(IpVersion version) throws Exception {
        try (SimulatedPath path = new SimulatedPath(version, echo -> {
            if (!SimulatedPath.ends(echo, version, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
            assertThat(report.isReached()).isTrue();
            assertThat(report.rounds()).isEqualTo(1);
            assertThat(report.hops()).hasSize(DISTANCE);
            for (PathHop hop : report.hops()) {
                InetAddress responder =
                        hop.distance() == DISTANCE ? path.destination : SimulatedPath.router(version, hop.distance());
                assertThat(hop.responders()).containsExactly(responder);
                assertThat(hop.sent()).isEqualTo(1);
                assertThat(hop.loss()).isZero();
                assertThat(hop.roundTrips().map(RoundTrips::best)).contains(SimulatedPath.roundTrip(hop.distance()));
            }
            // Nothing waits for the 24 hops that do not exist.
            assertThat(path.clock.elapsed()).isLessThan(SimulatedPath.roundTrip(DISTANCE + 2));
        }
    }

    private static void prohibit(SimulatedEcho echo, IpVersion version, int distance) {
        boolean four = version == IpVersion.V4;
        echo.error(
                SimulatedPath.router(version, distance),
                four ? 3 : 1,
                four ? 13 : 1,
                SimulatedPath.roundTrip(distance));
    }

    /** A firewall answers packets that expire there as if it forbade them. */
    @ParameterizedTest
    @EnumSource
    void aReplyCountsWhateverARouterOnTheWaySays(IpVersion version) throws Exception {
        int firewall = 3;
        try (SimulatedPath path = new SimulatedPath(version, echo -> {
            if (echo.hopLimit() == firewall) {
                prohibit(echo, version, firewall);
            } else if (!SimulatedPath.ends(echo, version, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(2).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
            assertThat(report.hops()).hasSize(DISTANCE);
            assertThat(report.changes()).isZero();
            assertThat(report.hops().get(firewall - 1).responders())
                    .containsExactly(SimulatedPath.router(version, firewall));
        }
    }

    @ParameterizedTest
    @EnumSource
    void whatWasReachedMayBecomeUnreachable(IpVersion version) throws Exception {
        int router = 2;
        AtomicBoolean withdrawn = new AtomicBoolean();
        List<Integer> lengths = new CopyOnWriteArrayList<>();
        PathListener listener = new PathListener() {
            @Override
            public void onRound(PathReport report) {
                withdrawn.set(true);
            }

            @Override
            public void onLength(int round, int before, int now) {
                lengths.add(now);
            }
        };
        try (SimulatedPath path = new SimulatedPath(version, echo -> {
            if (withdrawn.get() && echo.hopLimit() >= router) {
                prohibit(echo, version, router);
            } else if (!SimulatedPath.ends(echo, version, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathReport report =
                    path.await(trace(path).rounds(3).listener(listener).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.UNREACHABLE);
            assertThat(report.why()).isPresent();
            assertThat(report.hops()).hasSize(router);
            assertThat(report.changes()).isEqualTo(1);
            assertThat(lengths).containsExactly(router);
        }
    }

    /** Of a program whose own tasks block, or wait for this trace. */
    @Test
    void needsNoThreadOfTheCommonPool() throws Exception {
        CountDownLatch release = new CountDownLatch(1);
        for (int i = 0; i < Math.max(1, ForkJoinPool.getCommonPoolParallelism()); i++) {
            ForkJoinPool.commonPool().execute(() -> {
                try {
                    release.await();
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
        }
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (!SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(3).start().report());
            assertThat(report.rounds()).isEqualTo(3);
        } finally {
            release.countDown();
        }
    }

    /** The time of a trace is that of its farthest hop, not the sum. */
    @ParameterizedTest
    @EnumSource
    void thirtyHopsTakeOneRoundTripOfTheFarthest(IpVersion version) throws Exception {
        int farthest = 30;
        try (SimulatedPath path = new SimulatedPath(version, echo -> {
            if (!SimulatedPath.ends(echo, version, farthest)) {
                echo.reply(SimulatedPath.roundTrip(farthest));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.isReached()).isTrue();
            assertThat(report.hops())
                    .hasSize(farthest)
                    .allSatisfy(hop -> assertThat(hop.answered()).isEqualTo(1));
            assertThat(path.clock.elapsed())
                    .isLessThan(SimulatedPath.roundTrip(farthest).plusMillis(20));
        }
    }

    @ParameterizedTest
    @EnumSource
    void reportsTheLabelsOfEachHop(IpVersion version) throws Exception {
        SimulatedNetwork network = new SimulatedLab().newNetwork();
        try (EchoRequester requester = network.newRequesterBuilder().open()) {
            PathTrace trace = PathTrace.newBuilder(requester, LabPlan.LABELLED_HOPS_AWAY.address(version, 4))
                    .rounds(1)
                    .start();
            PathReport report = SimulatedPath.await(network.clock(), trace.report());
            assertThat(report.hops()).hasSize(4);
            for (PathHop hop : report.hops().subList(0, 3)) {
                assertThat(hop.extensions()).hasSize(1);
                assertThat(hop.extensions().get(0).mplsLabels()).hasSize(hop.distance());
            }
            assertThat(report.hops().get(3).extensions()).isEmpty();
        }
    }

    @Test
    void asksNoMoreThanThePathHasAfterTheFirstRound() throws Exception {
        try (SimulatedPath path = straight()) {
            path.await(trace(path).rounds(3).start().report());
            assertThat(path.packets).hasValue(30 + 2 * DISTANCE);
        }
    }

    @Test
    void hopThatForwardsIsNotCalledLossy() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            boolean silent = echo.hopLimit() == 3 || (echo.hopLimit() == 4 && asked.getAndIncrement() > 0);
            if (!silent && !SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(3).start().report());
            PathHop silent = report.hops().get(2);
            assertThat(silent.responders()).isEmpty();
            assertThat(silent.limited()).isEqualTo(3);
            assertThat(silent.loss()).isZero();
            assertThat(silent.roundTrips()).isEmpty();
            PathHop limiting = report.hops().get(3);
            assertThat(limiting.answered()).isEqualTo(1);
            assertThat(limiting.limitsErrors()).isTrue();
            assertThat(limiting.loss()).isZero();
            assertThat(report.hops().get(0).limitsErrors()).isFalse();
        }
    }

    @Test
    void lossAtTheEndIsLoss() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (!SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)
                    && (echo.hopLimit() > DISTANCE || asked.getAndIncrement() % 2 == 0)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(4).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
            assertThat(report.hops()).hasSize(DISTANCE);
            assertThat(report.hops().get(DISTANCE - 1).loss()).isEqualTo(0.5);
            assertThat(report.changes()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void namesWhoSaysUnreachable(IpVersion version) throws Exception {
        try (SimulatedPath path = new SimulatedPath(version, echo -> {
            if (!SimulatedPath.ends(echo, version, 4)) {
                echo.error(
                        SimulatedPath.router(version, 3),
                        version == IpVersion.V4 ? 3 : 1,
                        version == IpVersion.V4 ? 1 : 3,
                        SimulatedPath.roundTrip(3));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(2).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.UNREACHABLE);
            assertThat(report.why()).get().isInstanceOfSatisfying(EchoOutcome.IcmpError.class, error -> {
                assertThat(error.responder()).isEqualTo(SimulatedPath.router(version, 3));
                assertThat(error.kind()).isIn(IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.ADDRESS_UNREACHABLE);
            });
            assertThat(report.hops()).hasSize(4);
        }
    }

    @Test
    void silenceNamesTheLastHopThatAnswers() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (echo.hopLimit() <= 2) {
                SimulatedPath.ends(echo, IpVersion.V4, DISTANCE);
            }
        })) {
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.SILENT);
            assertThat(report.hops()).hasSize(2);
            assertThat(report.why()).isEmpty();
        }
    }

    @Test
    void circleIsALoop() throws Exception {
        try (SimulatedPath path = new SimulatedPath(
                IpVersion.V4,
                echo -> SimulatedPath.exceeded(
                        echo, IpVersion.V4, SimulatedPath.router(IpVersion.V4, 1 + echo.hopLimit() % 2)))) {
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.LOOP);
            assertThat(report.hops()).hasSize(30);
        }
    }

    /** As beyond a NAT, or where a router does not lower the hop limit and the next one answers twice. */
    @ParameterizedTest(name = "every {0}. hop answers")
    @ValueSource(ints = {1, 2})
    void oneRouterInARowIsNoLoop(int every) throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (echo.hopLimit() % every == 0) {
                SimulatedPath.exceeded(echo, IpVersion.V4, SimulatedPath.router(IpVersion.V4, 1));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.TOO_FAR);
            assertThat(report.hops()).hasSize(30);
        }
    }

    @Test
    void aRouterAtTwoDistancesIsNoLoop() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            int distance = echo.hopLimit() == 4 ? 2 : echo.hopLimit();
            SimulatedPath.exceeded(echo, IpVersion.V4, SimulatedPath.router(IpVersion.V4, distance));
        })) {
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.TOO_FAR);
        }
    }

    @Test
    void farHostIsTooFar() throws Exception {
        try (SimulatedPath path = straight()) {
            PathReport report = path.await(
                    trace(path).maxHops(DISTANCE - 1).rounds(1).start().report());
            assertThat(report.end()).isEqualTo(PathEnd.TOO_FAR);
            assertThat(report.hops()).hasSize(DISTANCE - 1);
        }
    }

    @Test
    void changeOfPathIsNoticedOnce() throws Exception {
        AtomicInteger round = new AtomicInteger();
        List<String> events = new CopyOnWriteArrayList<>();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            int distance = round.get() < 2 ? DISTANCE : DISTANCE + 1;
            InetAddress second = SimulatedPath.router(IpVersion.V4, round.get() % 2 == 0 ? 2 : 200);
            if (echo.hopLimit() == 2) {
                SimulatedPath.exceeded(echo, IpVersion.V4, second);
            } else if (!SimulatedPath.ends(echo, IpVersion.V4, distance)) {
                echo.reply(SimulatedPath.roundTrip(distance));
            }
        })) {
            PathReport report = path.await(trace(path)
                    .rounds(5)
                    .listener(new PathListener() {
                        @Override
                        public void onChange(int number, int distance, InetAddress before, InetAddress now) {
                            events.add(number + ": " + distance + " " + now.getHostAddress());
                        }

                        @Override
                        public void onLength(int number, int before, int now) {
                            events.add(number + ": " + before + " to " + now + " hops");
                        }

                        @Override
                        public void onRound(PathReport now) {
                            round.set(now.rounds());
                        }
                    })
                    .start()
                    .report());
            String other = SimulatedPath.router(IpVersion.V4, 200).getHostAddress();
            // In the third round the path is longer than what was asked; the fourth asks every hop again.
            assertThat(events).containsExactly("2: 2 " + other, "4: 6 to 7 hops");
            assertThat(report.changes()).isEqualTo(2);
            assertThat(report.hops()).hasSize(DISTANCE + 1);
            assertThat(report.hops().get(1).responders())
                    .containsExactlyInAnyOrder(
                            SimulatedPath.router(IpVersion.V4, 2), SimulatedPath.router(IpVersion.V4, 200));
        }
    }

    @Test
    void hopsAreReportedInOrder() throws Exception {
        List<String> events = new CopyOnWriteArrayList<>();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            // The farther, the sooner.
            if (echo.hopLimit() < DISTANCE) {
                echo.error(
                        SimulatedPath.router(IpVersion.V4, echo.hopLimit()),
                        11,
                        0,
                        SimulatedPath.roundTrip(40 - echo.hopLimit()));
            } else {
                echo.reply(SimulatedPath.roundTrip(1));
            }
        })) {
            path.await(trace(path)
                    .rounds(1)
                    .listener(new PathListener() {
                        @Override
                        public void onHop(int round, int distance, EchoOutcome outcome) {
                            events.add(distance + " " + outcome.isReply());
                        }

                        @Override
                        public void onRound(PathReport report) {
                            events.add("end");
                        }
                    })
                    .start()
                    .report());
            assertThat(events).containsExactly("1 false", "2 false", "3 false", "4 false", "5 false", "6 true", "end");
        }
    }

    /** {@return a listener that lets this host have a route in these rounds only} */
    private static PathListener routeIn(SimulatedPath path, List<Integer> rounds) {
        path.route = () -> rounds.contains(1);
        return new PathListener() {
            @Override
            public void onRound(PathReport report) {
                path.route = () -> rounds.contains(report.rounds() + 1);
            }
        };
    }

    @Test
    void whatIsNotSentIsCountedAndIsNoLoss() throws Exception {
        try (SimulatedPath path = straight()) {
            PathReport report = path.await(trace(path)
                    .rounds(12)
                    .listener(routeIn(path, List.of(1, 2, 12)))
                    .start()
                    .report());
            assertThat(report.rounds()).isEqualTo(12);
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
            assertThat(report.changes()).isZero();
            assertThat(report.notSent()).containsExactly(entry(NotSentReason.NO_ROUTE, 9 * DISTANCE));
            assertThat(report.hops()).hasSize(DISTANCE).allSatisfy(hop -> {
                assertThat(hop.sent()).isEqualTo(3);
                assertThat(hop.answered()).isEqualTo(3);
                assertThat(hop.notSent()).isEqualTo(9);
                assertThat(hop.loss()).isZero();
            });
        }
    }

    @Test
    void aTraceGoesOnWhereTheRouteIsMissingForAMoment() throws Exception {
        try (SimulatedPath path = straight()) {
            CompletableFuture<PathTrace> itself = new CompletableFuture<>();
            PathListener flapping = routeIn(path, List.of(3, 4, 5));
            PathTrace trace = trace(path)
                    .rounds(0)
                    .listener(new PathListener() {
                        @Override
                        public void onRound(PathReport report) {
                            flapping.onRound(report);
                            if (report.rounds() == 5) {
                                itself.join().cancel();
                            }
                        }
                    })
                    .start();
            itself.complete(trace);
            PathReport report = path.await(trace.report());
            assertThat(report.rounds()).isEqualTo(5);
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
        }
    }

    @Test
    void allRoundsAreTriedWithoutARoute() throws Exception {
        try (SimulatedPath path = straight()) {
            PathReport report = path.await(trace(path)
                    .rounds(3)
                    .listener(routeIn(path, List.of()))
                    .start()
                    .report());
            assertThat(report.rounds()).isEqualTo(3);
            assertThat(report.end()).isEqualTo(PathEnd.NOT_SENT);
            assertThat(report.why()).get().isInstanceOf(EchoOutcome.NotSent.class);
            assertThat(report.hops()).isEmpty();
        }
    }

    @Test
    void whatTheBackendCannotSendEndsTheTrace() throws Exception {
        try (EchoRequester open = new SimulatedNetwork(new SimulatedHosts())
                .without(EchoCapability.HOP_LIMIT_IPV4)
                .newRequesterBuilder()
                .open()) {
            PathReport report = PathTrace.newBuilder(open, LabPlan.AT_ONCE.address(IpVersion.V4, 7))
                    .rounds(0)
                    .start()
                    .report()
                    .get(20, TimeUnit.SECONDS);
            assertThat(report.end()).isEqualTo(PathEnd.NOT_SENT);
            assertThat(report.notSent()).containsExactly(entry(NotSentReason.UNSUPPORTED, 30));
        }
    }

    /** The destination seems to be one hop farther if the hop where it answers first was not asked. */
    @Test
    void whatWasNotSentMayBeWhereThePathEnds() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (SimulatedPath path = straight()) {
            path.route = () -> asked.incrementAndGet() != DISTANCE;
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.hops()).hasSize(DISTANCE);
            PathHop last = report.hops().get(DISTANCE - 1);
            assertThat(last.responders()).containsExactly(path.destination);
            assertThat(last.sent()).isEqualTo(1);
            assertThat(last.notSent()).isEqualTo(1);
            assertThat(last.loss()).isZero();
        }
    }

    /** Requests left, and the destination replied: it is not known yet whether more will come of the round. */
    @Test
    void aRefusalWithinARoundIsNoEnd() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        AtomicReference<PathTrace> running = new AtomicReference<>();
        AtomicReference<PathReport> within = new AtomicReference<>();
        try (SimulatedPath path = straight()) {
            path.route = () -> {
                int number = asked.incrementAndGet();
                if (number > 30) {
                    // Only a hop that is asked again is asked now.
                    within.set(running.get().snapshot());
                }
                return number != DISTANCE;
            };
            PathTrace trace = trace(path).rounds(1).start();
            running.set(trace);
            PathReport report = path.await(trace.report());
            assertThat(within.get().end()).isEqualTo(PathEnd.UNKNOWN);
            assertThat(within.get().notSent()).isEmpty();
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
            assertThat(report.notSent()).containsExactly(entry(NotSentReason.NO_ROUTE, 1));
        }
    }

    /** {@link #straight} has 24 requests cancelled in each round. What executes waits until the queue has room. */
    @Test
    void anExecutorMayBlock() throws Exception {
        AtomicBoolean stuck = new AtomicBoolean();
        BlockingQueue<Runnable> queue = new ArrayBlockingQueue<>(1);
        ThreadPoolExecutor pool = new ThreadPoolExecutor(2, 2, 1, TimeUnit.SECONDS, queue, (task, full) -> {
            try {
                if (!stuck.get() && queue.offer(task, 5, TimeUnit.SECONDS)) {
                    return;
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            }
            stuck.set(true);
            throw new RejectedExecutionException("stuck");
        });
        try (SimulatedPath path = straight();
                EchoRequester blocking = path.with(pool)) {
            CompletableFuture<PathReport> report = PathTrace.newBuilder(blocking, path.destination)
                    .interval(Duration.ofMillis(100))
                    .rounds(10)
                    .start()
                    .report();
            assertThat(path.await(report).hops()).hasSize(DISTANCE);
            assertThat(stuck).isFalse();
        } finally {
            pool.shutdownNow();
        }
    }

    @Test
    void guessesTheWayBack() throws Exception {
        // The simulated host answers with a hop limit of 64, which arrives unchanged: a neighbour on the way back.
        try (SimulatedPath path = straight()) {
            PathReport report = path.await(trace(path).rounds(1).start().report());
            assertThat(report.reverseDistance()).hasValue(1);
        }
    }

    @Test
    void cancelEndsItAtOnce() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {})) {
            PathTrace trace = trace(path).rounds(0).start();
            assertThat(trace.snapshot().end()).isEqualTo(PathEnd.UNKNOWN);
            trace.cancel();
            PathReport report = trace.report().join();
            assertThat(report.end()).isEqualTo(PathEnd.UNKNOWN);
            assertThat(report.rounds()).isZero();
            assertThat(report.hops()).isEmpty();
            assertThat(path.requester.statistics().inFlight()).isZero();
            assertThat(path.requester.statistics().queued()).isZero();
        }
    }

    @Test
    void cancellingTheFutureCancelsTheTrace() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {})) {
            CompletableFuture<PathReport> report = trace(path).rounds(0).start().report();
            report.cancel(true);
            assertThat(path.requester.statistics().inFlight()).isZero();
        }
    }

    @Test
    void listenerMayCancelAndThrow() throws Exception {
        try (SimulatedPath path = straight()) {
            CompletableFuture<PathTrace> itself = new CompletableFuture<>();
            PathTrace trace = trace(path)
                    .rounds(0)
                    .listener(new PathListener() {
                        @Override
                        public void onRound(PathReport report) {
                            itself.join().cancel();
                            throw new IllegalStateException("a listener of the test");
                        }
                    })
                    .start();
            itself.complete(trace);
            assertThat(path.await(trace.report()).rounds()).isEqualTo(1);
        }
    }

    @Test
    void closedRequesterEndsTheTrace() throws Exception {
        SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {});
        PathTrace trace = trace(path).rounds(0).start();
        path.close();
        PathReport report = path.await(trace.report());
        assertThat(report.end()).isEqualTo(PathEnd.NOT_SENT);
        assertThat(report.why())
                .get()
                .isInstanceOfSatisfying(
                        EchoOutcome.NotSent.class,
                        refused -> assertThat(refused.reason()).isEqualTo(NotSentReason.CLOSED));
    }

    @Test
    void requesterClosedBetweenRoundsEndsTheTrace() throws Exception {
        try (SimulatedPath path = straight()) {
            CompletableFuture<PathReport> first = new CompletableFuture<>();
            PathTrace trace = trace(path)
                    .rounds(0)
                    .interval(Duration.ofDays(1))
                    .listener(new PathListener() {
                        @Override
                        public void onRound(PathReport report) {
                            first.complete(report);
                        }
                    })
                    .start();
            path.await(first);
            path.requester.close();
            PathReport report = path.await(trace.report());
            assertThat(report.rounds()).isEqualTo(1);
            assertThat(report.isReached()).isTrue();
        }
    }

    /** The first of them is asked in the round itself, the others again, whether the path ends there. */
    @ParameterizedTest(name = "{0} lost")
    @ValueSource(ints = {1, 2})
    void lostAnswerOfTheDestinationIsNoHop(int lost) throws Exception {
        AtomicInteger asked = new AtomicInteger();
        List<String> events = new CopyOnWriteArrayList<>();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, losing(lost, asked))) {
            PathReport report = path.await(trace(path)
                    .rounds(1)
                    .listener(new PathListener() {
                        @Override
                        public void onHop(int round, int distance, EchoOutcome outcome) {
                            events.add(distance + " " + outcome.isReply());
                        }
                    })
                    .start()
                    .report());
            assertThat(report.hops()).hasSize(DISTANCE);
            PathHop last = report.hops().get(DISTANCE - 1);
            assertThat(last.sent()).isEqualTo(lost + 1);
            assertThat(last.answered()).isEqualTo(1);
            assertThat(last.limited()).isZero();
            assertThat(last.loss()).isEqualTo(lost / (lost + 1.0));
            assertThat(events).containsExactly("1 false", "2 false", "3 false", "4 false", "5 false", "6 true");
        }
    }

    @Test
    void pathThatOnlySeemedLongerHasNotChanged() throws Exception {
        AtomicInteger asked = new AtomicInteger();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, losing(3, asked))) {
            PathReport report = path.await(trace(path).rounds(3).start().report());
            assertThat(asked).hasValue(5);
            assertThat(report.hops()).hasSize(DISTANCE);
            PathHop last = report.hops().get(DISTANCE - 1);
            assertThat(last.sent()).isEqualTo(5);
            assertThat(last.answered()).isEqualTo(2);
            assertThat(last.limited()).isZero();
            assertThat(last.loss()).isEqualTo(0.6);
            assertThat(report.changes()).isZero();
        }
    }

    @Test
    void silentRouterBeforeTheDestinationStaysAHop() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (echo.hopLimit() != DISTANCE - 1 && !SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathReport report = path.await(trace(path).rounds(2).start().report());
            assertThat(report.hops()).hasSize(DISTANCE);
            PathHop silent = report.hops().get(DISTANCE - 2);
            assertThat(silent.sent()).isEqualTo(4);
            assertThat(silent.limited()).isEqualTo(4);
            assertThat(silent.loss()).isZero();
            assertThat(report.hops().get(DISTANCE - 1).sent()).isEqualTo(2);
        }
    }

    /** From the eighth round on the destination is at another distance; a silent router is, or was, before it. */
    @ParameterizedTest
    @ValueSource(ints = {DISTANCE - 1, DISTANCE + 1})
    void changeBesideASilentRouterIsAChange(int later) throws Exception {
        AtomicInteger distance = new AtomicInteger(DISTANCE);
        int silent = Math.min(DISTANCE, later);
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            boolean isRouter = echo.hopLimit() == silent && distance.get() > silent;
            if (!isRouter && !SimulatedPath.ends(echo, IpVersion.V4, distance.get())) {
                echo.reply(SimulatedPath.roundTrip(distance.get()));
            }
        })) {
            PathReport report = path.await(trace(path)
                    .rounds(18)
                    .listener(new PathListener() {
                        @Override
                        public void onRound(PathReport now) {
                            distance.set(now.rounds() < 8 ? DISTANCE : later);
                        }
                    })
                    .start()
                    .report());
            assertThat(report.hops()).hasSize(later);
            PathHop last = report.hops().get(later - 1);
            assertThat(last.responders()).containsExactly(path.destination);
            assertThat(last.loss()).isZero();
            assertThat(report.changes()).isEqualTo(1);
        }
    }

    @Test
    void waitingWhereItNeverEndsIsRefused() throws Exception {
        try (SimulatedPath path = straight()) {
            CompletableFuture<PathTrace> itself = new CompletableFuture<>();
            CompletableFuture<Throwable> inListener = new CompletableFuture<>();
            CompletableFuture<Throwable> onEngine = new CompletableFuture<>();
            PathTrace trace = trace(path)
                    .rounds(2)
                    .listener(new PathListener() {
                        @Override
                        public void onRound(PathReport report) {
                            inListener.complete(
                                    catchThrowable(() -> itself.join().report().join()));
                        }
                    })
                    .start();
            itself.complete(trace);
            path.requester.sendAsync(
                    EchoRequest.to(path.destination),
                    (request, outcome) -> onEngine.complete(catchThrowable(
                            () -> trace.report().thenApply(PathReport::rounds).join())));
            assertThat(path.await(inListener)).isInstanceOf(IllegalStateException.class);
            assertThat(path.await(onEngine)).isInstanceOf(IllegalStateException.class);
            assertThat(path.await(trace.report()).rounds()).isEqualTo(2);
        }
    }

    /** {@return a straight path whose destination loses the first requests that just reach it} */
    private static SimulatedHost losing(int lost, AtomicInteger asked) {
        return echo -> {
            boolean justReached = echo.hopLimit() == DISTANCE && asked.incrementAndGet() <= lost;
            if (!justReached && !SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        };
    }

    @Test
    void busyRequesterCostsNoLoss() throws Exception {
        try (SimulatedPath path = straight()) {
            EchoRequester narrow = path.narrow(3);
            PathReport report = path.await(PathTrace.newBuilder(narrow, path.destination)
                    .rounds(1)
                    .start()
                    .report());
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
            assertThat(report.hops()).hasSize(DISTANCE).allSatisfy(hop -> {
                assertThat(hop.loss()).isZero();
                assertThat(hop.answered()).isEqualTo(1);
            });
            narrow.close();
        }
    }

    @Test
    void refusesWhatIsOutOfRange() throws Exception {
        try (SimulatedPath path = straight()) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trace(path).maxHops(256))
                    .withMessage("maxHops is 256; it must be 1 to 255");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trace(path).interval(Duration.ofMillis(99)))
                    .withMessageContaining("PT0.099S");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trace(path).interval(Duration.ofSeconds(Long.MAX_VALUE)))
                    .withMessageContaining("to PT24H");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> trace(path).rounds(-1))
                    .withMessageContaining("-1");
            assertThatIllegalArgumentException()
                    .isThrownBy(
                            () -> trace(path).source(LabPlan.AT_ONCE.ipv6(7)).start());
        }
    }

    private static SimulatedPath straight() throws Exception {
        return new SimulatedPath(IpVersion.V4, echo -> {
            if (!SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        });
    }

    private static PathTrace.Builder trace(SimulatedPath path) {
        return PathTrace.newBuilder(path.requester, path.destination).interval(Duration.ofMillis(100));
    }
}
