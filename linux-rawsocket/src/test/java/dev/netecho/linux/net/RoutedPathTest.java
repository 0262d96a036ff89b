// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.path.PathEnd;
import dev.netecho.path.PathHop;
import dev.netecho.path.PathMtu;
import dev.netecho.path.PathMtuLimit;
import dev.netecho.path.PathMtuReport;
import dev.netecho.path.PathReport;
import dev.netecho.path.PathTrace;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Trace and path MTU through a router of the kernel. */
@InPrivateNamespace
@Timeout(60)
final class RoutedPathTest {
    private static final int TRACES = 250;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    @ParameterizedTest
    @EnumSource
    void traceFindsRouterAndTarget(Stack stack) throws Exception {
        InetAddress target = stack.address(RoutedNetwork.LIVE, 9);
        try (EchoRequester requester = stack.open()) {
            PathReport report = PathTrace.newBuilder(requester, target)
                    .rounds(1)
                    .start()
                    .report()
                    .get();
            assertThat(report.end()).isEqualTo(PathEnd.REACHED);
            assertThat(report.hops())
                    .extracting(PathHop::responders)
                    .containsExactly(List.of(router(stack)), List.of(target));
            assertThat(report.hops()).allSatisfy(hop -> assertThat(hop.loss()).isZero());
            assertThat(report.reverseDistance()).hasValue(2);
        }
    }

    @ParameterizedTest
    @EnumSource
    void manyTracesAtOnceLoseNothing(Stack stack) throws Exception {
        try (EchoRequester requester = stack.open()) {
            List<PathTrace> traces = new ArrayList<>();
            for (int host = 1; host <= TRACES; host++) {
                traces.add(PathTrace.newBuilder(requester, stack.address(RoutedNetwork.LIVE, host))
                        .rounds(1)
                        .timeout(Duration.ofSeconds(20))
                        .start());
            }
            for (PathTrace trace : traces) {
                PathReport report = trace.report().get();
                assertThat(report.end()).as("%s", report).isEqualTo(PathEnd.REACHED);
                assertThat(report.hops()).hasSize(2).allSatisfy(hop -> {
                    assertThat(hop.answered()).isEqualTo(1);
                    assertThat(hop.loss()).isZero();
                });
            }
        }
    }

    /** The kernel limits the errors for its routes of IPv4 to one a second: a round may get none. */
    @ParameterizedTest
    @EnumSource
    void traceNamesTheRouterThatRefuses(Stack stack) throws Exception {
        try (EchoRequester requester = stack.open()) {
            PathReport report = PathTrace.newBuilder(requester, stack.address(RoutedNetwork.PROHIBIT_ROUTE, 9))
                    .rounds(4)
                    .start()
                    .report()
                    .get();
            assertThat(report.end()).isEqualTo(PathEnd.UNREACHABLE);
            assertThat(report.why())
                    .get()
                    .isInstanceOfSatisfying(
                            EchoOutcome.IcmpError.class,
                            error -> assertThat(error.responder()).isEqualTo(router(stack)));
        }
    }

    /** {@return an address of the target} The kernel routes an IPv6 address some time after it was added. */
    private static InetAddress targetOwns(Stack stack, int host) {
        InetAddress target = stack.own(RoutedNetwork.PLAYGROUND, host);
        network.target.run("ip -" + stack.either("4", "6") + " addr replace " + target.getHostAddress() + " dev lo");
        RoutedNetwork.awaitReply(stack, target);
        return target;
    }

    @ParameterizedTest
    @EnumSource
    void mtuIsWhatTheRouterNames(Stack stack) throws Exception {
        InetAddress target = targetOwns(stack, 40);
        try (EchoRequester requester = stack.open()) {
            PathMtuReport report =
                    PathMtu.newBuilder(requester, target).start().report().get();
            assertThat(report.mtu()).as("%s", report).isEqualTo(RoutedNetwork.PATH_MTU);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.TOLD);
            assertThat(report.toldBy()).contains(router(stack));
            assertThat(report.distance()).hasValue(1);
            assertThat(report.sent()).isEqualTo(3);
        }
    }

    @ParameterizedTest
    @EnumSource
    void filterThatSwallowsIsABlackHole(Stack stack) throws Exception {
        Tools.require("iptables", "ip6tables");
        InetAddress target = targetOwns(stack, 50);
        network.router.run(stack.either("iptables", "ip6tables") + " -A FORWARD -d " + target.getHostAddress()
                + " -m length --length 1301:65535 -j DROP");
        try (EchoRequester requester = stack.open()) {
            PathMtuReport report = PathMtu.newBuilder(requester, target)
                    .timeout(Duration.ofMillis(200))
                    .start()
                    .report()
                    .get();
            assertThat(report.mtu()).as("%s", report).isEqualTo(1_300);
            assertThat(report.limit()).isEqualTo(PathMtuLimit.BLACK_HOLE);
            assertThat(report.lost()).hasValue(1_301);
            assertThat(report.distance()).hasValue(1);
        }
    }

    private static InetAddress router(Stack stack) {
        return stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
    }
}
