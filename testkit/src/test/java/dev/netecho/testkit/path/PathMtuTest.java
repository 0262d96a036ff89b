// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.path;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.IpVersion;
import dev.netecho.path.PathMtu;
import dev.netecho.path.PathMtuLimit;
import dev.netecho.path.PathMtuReport;
import dev.netecho.testkit.simulated.SimulatedEcho;
import dev.netecho.testkit.simulated.SimulatedHost;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
final class PathMtuTest {
    private static final int DISTANCE = 5;

    @ParameterizedTest
    @CsvSource({"V4, 1500", "V6, 1500", "V4, 1492", "V4, 1431", "V6, 9000", "V4, 65535", "V6, 1280"})
    void findsTheLimitOfThisHost(IpVersion version, int mtu) throws Exception {
        try (SimulatedPath path = new SimulatedPath(version, live(version), mtu)) {
            PathMtuReport report = path.await(search(path).start().report());
            int largest = version == IpVersion.V4 ? 65_528 : 65_548;
            assertThat(report.mtu()).isEqualTo(Math.min(mtu, largest));
            assertThat(report.limit()).isEqualTo(mtu > largest ? PathMtuLimit.NONE : PathMtuLimit.LOCAL);
            assertThat(report.lost()).isEmpty();
            assertThat(report.distance()).isEmpty();
            // What this host refuses is not sent.
            assertThat(path.packets.get()).isEqualTo(report.sent()).isLessThan(mtu == 1_431 ? 10 : 4);
        }
    }

    @ParameterizedTest
    @CsvSource({"V4, 1400", "V6, 1400", "V4, 576", "V6, 1280", "V4, 68", "V4, 1437"})
    void takesWhatARouterNames(IpVersion version, int mtu) throws Exception {
        try (SimulatedPath path = new SimulatedPath(version, echo -> {
            if (!SimulatedPath.ends(echo, version, 3)) {
                if (size(echo, version) > mtu) {
                    echo.tooBig(SimulatedPath.router(version, 2), mtu, SimulatedPath.roundTrip(2));
                } else {
                    echo.reply(SimulatedPath.roundTrip(DISTANCE));
                }
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(mtu);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.TOLD);
            assertThat(report.toldBy()).contains(SimulatedPath.router(version, 2));
            assertThat(report.distance()).hasValue(2);
            assertThat(report.why()).get().isInstanceOf(EchoOutcome.IcmpError.class);
            assertThat(report.sent()).isLessThanOrEqualTo(3);
        }
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 67, 2_000, 65_535})
    void bisectsWhereTheRouterNamesNothingUseful(int named) throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (!SimulatedPath.ends(echo, IpVersion.V4, 3)) {
                if (size(echo, IpVersion.V4) > 1_411) {
                    echo.tooBig(SimulatedPath.router(IpVersion.V4, 2), named, SimulatedPath.roundTrip(2));
                } else {
                    echo.reply(SimulatedPath.roundTrip(DISTANCE));
                }
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(1_411);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.TOLD);
        }
    }

    /** RFC 1191 bounds no router that names one byte less each time. */
    @Test
    void bisectsWhereARouterNamesAlmostTheSameAgainAndAgain() throws Exception {
        try (SimulatedPath path = new SimulatedPath(
                IpVersion.V4,
                echo -> {
                    int size = size(echo, IpVersion.V4);
                    if (!SimulatedPath.ends(echo, IpVersion.V4, 3)) {
                        if (size > 1_411) {
                            echo.tooBig(SimulatedPath.router(IpVersion.V4, 2), size - 1, SimulatedPath.roundTrip(2));
                        } else {
                            echo.reply(SimulatedPath.roundTrip(DISTANCE));
                        }
                    }
                },
                9_000)) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(1_411);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.TOLD);
            assertThat(report.sent()).isLessThan(50);
        }
    }

    @ParameterizedTest
    @CsvSource({"V4, 1472", "V6, 1472", "V4, 1437", "V4, 69", "V6, 1281", "V4, 1499"})
    void findsABlackHole(IpVersion version, int mtu) throws Exception {
        try (SimulatedPath path = new SimulatedPath(version, echo -> {
            boolean swallowed = size(echo, version) > mtu && echo.hopLimit() > 3;
            if (!swallowed && !SimulatedPath.ends(echo, version, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(mtu);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.BLACK_HOLE);
            assertThat(report.lost()).hasValue(mtu + 1);
            assertThat(report.distance()).hasValue(3);
            assertThat(report.toldBy()).isEmpty();
        }
    }

    @Test
    void aHostThatFallsSilentIsNoBlackHole() throws Exception {
        AtomicInteger number = new AtomicInteger();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (number.incrementAndGet() == 1) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.limit()).isEqualTo(PathMtuLimit.SILENT);
        }
    }

    /** Three packets of 1,500 bytes vanish, and with them nothing else. */
    @Test
    void anOutageIsNoBlackHole() throws Exception {
        AtomicInteger large = new AtomicInteger();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            boolean isLost = size(echo, IpVersion.V4) == 1_500 && large.incrementAndGet() <= 3;
            if (!isLost && !SimulatedPath.ends(echo, IpVersion.V4, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(1_500);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.LOCAL);
            assertThat(report.lost()).isEmpty();
        }
    }

    /** The router lets a larger packet pass once, and then says that its link takes 1,300 bytes. */
    @Test
    void aPathThatBecomesNarrowerIsSearchedAgain() throws Exception {
        AtomicInteger mtu = new AtomicInteger(1_436);
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (!SimulatedPath.ends(echo, IpVersion.V4, 3)) {
                int size = size(echo, IpVersion.V4);
                if (size > mtu.get()) {
                    echo.tooBig(SimulatedPath.router(IpVersion.V4, 2), mtu.get(), SimulatedPath.roundTrip(2));
                } else {
                    echo.reply(SimulatedPath.roundTrip(DISTANCE));
                    mtu.set(size == 1_436 ? 1_300 : mtu.get());
                }
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(1_300);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.TOLD);
        }
    }

    /** Of the packets that are too large, the first that passes each of the two routers before the limit is lost. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void lostPacketsDoNotMoveTheLimit(boolean told) throws Exception {
        AtomicInteger second = new AtomicInteger();
        AtomicInteger third = new AtomicInteger();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            boolean large = size(echo, IpVersion.V4) == 1_401;
            boolean isLost = large
                    && ((echo.hopLimit() == 2 && second.getAndIncrement() == 0)
                            || (echo.hopLimit() == 3 && third.getAndIncrement() == 0));
            if (isLost || SimulatedPath.ends(echo, IpVersion.V4, 3)) {
                return;
            }
            if (size(echo, IpVersion.V4) <= 1_400) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            } else if (told) {
                echo.tooBig(SimulatedPath.router(IpVersion.V4, 2), 1_400, SimulatedPath.roundTrip(2));
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(1_400);
            assertThat(report.limit()).isEqualTo(told ? PathMtuLimit.TOLD : PathMtuLimit.BLACK_HOLE);
            assertThat(report.distance()).hasValue(2);
        }
    }

    @Test
    void ordinaryLossIsNoBlackHole() throws Exception {
        AtomicInteger number = new AtomicInteger();
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, echo -> {
            if (number.incrementAndGet() % 3 == 0) {
                echo.reply(SimulatedPath.roundTrip(1)); // two of three are lost
            }
        })) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.mtu()).isEqualTo(1_500);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.LOCAL);
        }
    }

    @ParameterizedTest
    @EnumSource
    void silentHostSaysNothing(IpVersion version) throws Exception {
        try (SimulatedPath path = new SimulatedPath(version, SimulatedHost.silent())) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.limit()).isEqualTo(PathMtuLimit.SILENT);
            assertThat(report.mtu()).isZero();
            assertThat(report.sent()).isEqualTo(3);
            assertThat(report.why()).get().isInstanceOf(EchoOutcome.TimedOut.class);
        }
    }

    @Test
    void unreachableHostSaysWhy() throws Exception {
        try (SimulatedPath path = new SimulatedPath(
                IpVersion.V4,
                SimulatedHost.unreachable(SimulatedPath.router(IpVersion.V4, 1), SimulatedPath.roundTrip(1)))) {
            PathMtuReport report = path.await(search(path).start().report());
            assertThat(report.limit()).isEqualTo(PathMtuLimit.UNREACHABLE);
            assertThat(report.sent()).isEqualTo(1);
        }
    }

    @Test
    void closedRequesterEndsIt() throws Exception {
        SimulatedPath path = new SimulatedPath(IpVersion.V4, SimulatedHost.silent());
        PathMtu search = search(path).start();
        path.close();
        assertThat(path.await(search.report()).limit()).isEqualTo(PathMtuLimit.NOT_SENT);
    }

    @Test
    void cancelSaysWhatIsKnown() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, SimulatedHost.silent())) {
            PathMtu search = search(path).start();
            search.cancel();
            assertThat(search.report().join().mtu()).isZero();
            assertThat(search.report().join().limit()).isEqualTo(PathMtuLimit.NOT_SENT);
            assertThat(path.requester.statistics().inFlight()).isZero();
        }
    }

    /** It may block, and what it waits for may need the search. */
    @Test
    void noExecutorIsCalledWithTheLock() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, SimulatedHost.silent())) {
            CompletableFuture<PathMtu> itself = new CompletableFuture<>();
            List<Boolean> free = new CopyOnWriteArrayList<>();
            EchoRequester calling = path.with(task -> {
                Thread other = new Thread(() -> itself.join().cancel());
                other.start();
                try {
                    other.join(2_000);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
                free.add(!other.isAlive());
                task.run();
            });
            PathMtu search = PathMtu.newBuilder(calling, path.destination).start();
            itself.complete(search);
            search.cancel();
            assertThat(free).isNotEmpty().doesNotContain(false);
            calling.close();
        }
    }

    @Test
    void refusesWhatIsOutOfRange() throws Exception {
        try (SimulatedPath path = new SimulatedPath(IpVersion.V4, SimulatedHost.silent())) {
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> search(path).largest(67))
                    .withMessage("the largest packet is 67 bytes; it must be 68 to 65528");
            assertThatIllegalArgumentException()
                    .isThrownBy(() -> search(path).tries(0))
                    .withMessageContaining("tries is 0");
        }
    }

    private static SimulatedHost live(IpVersion version) {
        return echo -> {
            if (!SimulatedPath.ends(echo, version, DISTANCE)) {
                echo.reply(SimulatedPath.roundTrip(DISTANCE));
            }
        };
    }

    private static int size(SimulatedEcho echo, IpVersion version) {
        return echo.data().length + 8 + (version == IpVersion.V4 ? 20 : 40);
    }

    private static PathMtu.Builder search(SimulatedPath path) {
        return PathMtu.newBuilder(path.requester, path.destination);
    }
}
