// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isError;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What routers answer. */
@InPrivateNamespace
@Timeout(60)
final class RoutedErrorTest {
    /** The router's packet filter refuses these; the host is 10 more than the code. */
    private static final int FILTERED = 30;

    /** All of it is unreachable by the router's packet filter, which limits nothing. */
    private static final int STORM = 31;

    private static final int FIRST_ABSENT = 100;

    private static final Map<Integer, String> IPV4_REJECTIONS = new LinkedHashMap<>();
    private static final Map<Integer, String> IPV6_REJECTIONS = new LinkedHashMap<>();

    static {
        IPV4_REJECTIONS.put(0, "icmp-net-unreachable");
        IPV4_REJECTIONS.put(1, "icmp-host-unreachable");
        IPV4_REJECTIONS.put(2, "icmp-proto-unreachable");
        IPV4_REJECTIONS.put(3, "icmp-port-unreachable");
        IPV4_REJECTIONS.put(9, "icmp-net-prohibited");
        IPV4_REJECTIONS.put(10, "icmp-host-prohibited");
        IPV4_REJECTIONS.put(13, "icmp-admin-prohibited");
        IPV6_REJECTIONS.put(0, "icmp6-no-route");
        IPV6_REJECTIONS.put(1, "icmp6-adm-prohibited");
        IPV6_REJECTIONS.put(3, "icmp6-addr-unreachable");
        IPV6_REJECTIONS.put(4, "icmp6-port-unreachable");
        IPV6_REJECTIONS.put(5, "icmp6-policy-fail");
        IPV6_REJECTIONS.put(6, "icmp6-reject-route");
    }

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    private static void filter(Stack stack) {
        Tools.require("iptables", "ip6tables");
        String command = stack.either("iptables", "ip6tables");
        StringBuilder script = new StringBuilder(command).append(" -F FORWARD\n");
        stack.either(IPV4_REJECTIONS, IPV6_REJECTIONS)
                .forEach((code, name) -> script.append(command)
                        .append(" -A FORWARD -d ")
                        .append(stack.address(FILTERED, 10 + code).getHostAddress())
                        .append(" -j REJECT --reject-with ")
                        .append(name)
                        .append('\n'));
        network.router.run(script.append(command)
                .append(" -A FORWARD -d ")
                .append(stack.either("198.18.31.0/24", "2001:2:0:31::/64"))
                .append(" -j REJECT --reject-with ")
                .append(stack.either("icmp-host-unreachable", "icmp6-addr-unreachable"))
                .toString());
    }

    private static InetAddress router(Stack stack) {
        return stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = "ERR-1",
            cases = {"C41", "C42", "C44"})
    void everyCodeOfARouterBecomesItsKind(Stack stack) throws Exception {
        filter(stack);
        try (EchoRequester requester = stack.open()) {
            for (int code : stack.either(IPV4_REJECTIONS, IPV6_REJECTIONS).keySet()) {
                EchoRequest request = to(stack.address(FILTERED, 10 + code)).build();
                isError(
                        requester.send(request),
                        request,
                        stack.ipv6 ? ipv6Kind(code) : ipv4Kind(code),
                        stack.either(3, 1),
                        code,
                        router(stack));
            }
            assertThat(requester.statistics().icmpErrors())
                    .isEqualTo(stack.either(IPV4_REJECTIONS, IPV6_REJECTIONS).size());
        }
    }

    /** RFC 792 and RFC 1812, section 5.2.7.1. */
    private static IcmpErrorKind ipv4Kind(int code) {
        return switch (code) {
            case 0 -> IcmpErrorKind.NETWORK_UNREACHABLE;
            case 1 -> IcmpErrorKind.HOST_UNREACHABLE;
            case 2 -> IcmpErrorKind.PROTOCOL_UNREACHABLE;
            case 3 -> IcmpErrorKind.PORT_UNREACHABLE;
            default -> IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED;
        };
    }

    /** RFC 4443, section 3.1: policy and rejected routes are kinds of code 1. */
    private static IcmpErrorKind ipv6Kind(int code) {
        return switch (code) {
            case 0 -> IcmpErrorKind.NETWORK_UNREACHABLE;
            case 3 -> IcmpErrorKind.ADDRESS_UNREACHABLE;
            case 4 -> IcmpErrorKind.PORT_UNREACHABLE;
            default -> IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED;
        };
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "ERR-1", cases = "C41")
    void routesOfTheRouterThatRefuse(Stack stack) throws Exception {
        try (EchoRequester requester = stack.open()) {
            routeRefuses(
                    requester,
                    stack,
                    RoutedNetwork.UNREACHABLE_ROUTE,
                    stack.either(IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.NETWORK_UNREACHABLE),
                    stack.either(1, 0));
            routeRefuses(
                    requester,
                    stack,
                    RoutedNetwork.PROHIBIT_ROUTE,
                    IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED,
                    stack.either(13, 1));
            routeRefuses(requester, stack, RoutedNetwork.NO_ROUTE, IcmpErrorKind.NETWORK_UNREACHABLE, 0);

            EchoRequest silent = EchoRequest.newBuilder(stack.address(RoutedNetwork.BLACKHOLE_ROUTE, 1))
                    .timeout(Duration.ofMillis(300))
                    .build();
            EchoOutcome outcome = requester.send(silent);
            assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
            EchoOutcome.TimedOut timedOut = (EchoOutcome.TimedOut) outcome;
            assertThat(timedOut.waited()).isBetween(silent.timeout(), Duration.ofSeconds(5));
            assertThat(timedOut.localDropsSuspected()).isFalse();
        }
    }

    /** About one error a second and receiver: those that the router keeps to itself are time-outs. */
    private static void routeRefuses(EchoRequester requester, Stack stack, int subnet, IcmpErrorKind kind, int code)
            throws InterruptedException {
        EchoRequest request = EchoRequest.newBuilder(stack.address(subnet, 1))
                .timeout(Duration.ofMillis(400))
                .build();
        EchoOutcome outcome = requester.send(request);
        for (int i = 0; i < 20 && outcome instanceof EchoOutcome.TimedOut; i++) {
            outcome = requester.send(request);
        }
        isError(outcome, request, kind, stack.either(3, 1), code, router(stack));
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"ERR-3", "ERR-5"},
            cases = {"C53", "C55"})
    void aStormOfErrorsHarmsNoOtherRequest(Stack stack) throws Exception {
        filter(stack);
        List<EchoRequest> requests = new ArrayList<>();
        for (int i = 1; i <= 200; i++) {
            requests.add(
                    to(stack.address(STORM, i)).timeout(Duration.ofSeconds(2)).build());
            requests.add(to(stack.address(RoutedNetwork.LIVE, i)).build());
        }
        try (EchoRequester requester = stack.open()) {
            for (int round = 0; round < 3; round++) {
                List<EchoOutcome> outcomes = Outcomes.all(requester, requests);

                int errors = 0;
                for (int i = 0; i < outcomes.size(); i += 2) {
                    EchoOutcome refused = outcomes.get(i);
                    if (!(refused instanceof EchoOutcome.TimedOut)) {
                        isError(
                                refused,
                                requests.get(i),
                                stack.either(IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.ADDRESS_UNREACHABLE),
                                stack.either(3, 1),
                                stack.either(1, 3),
                                router(stack));
                        errors++;
                    }
                    isReply(outcomes.get(i + 1), requests.get(i + 1));
                }
                // The filter of the router limits nothing, so nothing here may have lost an error.
                assertThat(errors).isEqualTo(200);
            }
            assertThat(requester.statistics().notSent()).isZero();
        }
    }

    @Test
    @Covers(
            rules = "ERR-1",
            cases = {"C51", "C52"})
    void theRouterReportsAnAbsentNeighbour() throws Exception {
        // All at once, because the kernel gives up after three seconds.
        List<EchoRequester> requesters = new ArrayList<>();
        try {
            List<Runnable> checks = new ArrayList<>();
            for (Stack stack : Stack.values()) {
                EchoRequester requester = stack.open();
                requesters.add(requester);
                InetAddress self = stack.address(RoutedNetwork.PROBER_LINK, 1);
                checks.add(absent(requester, stack, RoutedNetwork.PROBER_LINK, self));
                checks.add(absent(requester, stack, RoutedNetwork.TARGET_LINK, router(stack)));
            }
            checks.forEach(Runnable::run);
        } finally {
            requesters.forEach(EchoRequester::close);
        }
    }

    private static Runnable absent(EchoRequester requester, Stack stack, int subnet, InetAddress responder) {
        EchoRequest request = to(stack.own(subnet, FIRST_ABSENT))
                .timeout(Duration.ofSeconds(10))
                .build();
        var outcome = requester.sendAsync(request);
        return () -> {
            EchoOutcome.IcmpError error = isError(
                    outcome.join(),
                    request,
                    stack.either(IcmpErrorKind.HOST_UNREACHABLE, IcmpErrorKind.ADDRESS_UNREACHABLE),
                    stack.either(3, 1),
                    stack.either(1, 3),
                    responder);
            assertThat(error.roundTripTime()).isGreaterThan(Duration.ofSeconds(2));
        };
    }
}
