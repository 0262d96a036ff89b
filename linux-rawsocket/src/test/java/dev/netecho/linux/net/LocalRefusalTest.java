// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isError;
import static dev.netecho.linux.net.Outcomes.isNotSent;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.libc.Errno;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What this host's own stack refuses, without a packet. */
@InPrivateNamespace
@Timeout(60)
final class LocalRefusalTest {
    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    private static InetAddress target(Stack stack) {
        return stack.address(RoutedNetwork.TARGET_LINK, 1);
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"OUT-4", "ERR-3"},
            cases = {"C36", "C54"})
    void aDestinationWithoutARouteIsNotSent(Stack stack) throws Exception {
        EchoRequest request = to(Stack.literal(stack.either("198.19.0.1", "2001:2:0:ffff::1")))
                .build();
        EchoRequest live = EchoRequest.to(target(stack));
        try (EchoRequester requester = stack.open()) {
            List<EchoRequest> requests = new ArrayList<>();
            for (int i = 0; i < 50; i++) {
                requests.add(request);
                requests.add(live);
            }
            List<EchoOutcome> outcomes = Outcomes.all(requester, requests);

            for (int i = 0; i < outcomes.size(); i += 2) {
                isNotSent(outcomes.get(i), request, NotSentReason.NO_ROUTE, Errno.ENETUNREACH);
                isReply(outcomes.get(i + 1), live);
            }
            assertThat(requester.statistics().sent()).isEqualTo(50);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C38")
    void routesOfThisHostThatRefuse(Stack stack) throws Exception {
        try (EchoRequester requester = stack.open()) {
            routeRefuses(requester, stack, "unreachable", NotSentReason.NO_ROUTE, Errno.EHOSTUNREACH);
            routeRefuses(requester, stack, "prohibit", NotSentReason.NOT_PERMITTED, Errno.EACCES);
            routeRefuses(requester, stack, "blackhole", NotSentReason.OS_ERROR, Errno.EINVAL);
        }
    }

    private static void routeRefuses(
            EchoRequester requester, Stack stack, String kind, NotSentReason reason, int osError)
            throws InterruptedException {
        EchoRequest request = to(stack.address(RoutedNetwork.LIVE, 9)).build();
        String route = " " + kind + " " + request.destination().getHostAddress();
        Namespace.OWN.run("ip route add" + route);
        try {
            isNotSent(requester.send(request), request, reason, osError);
        } finally {
            Namespace.OWN.run("ip route del" + route);
        }
        isReply(requester.send(request), request);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "REQ-4", cases = "C13")
    void theBroadcastAddressOfASubnetIsNoDestination(Stack stack) throws Exception {
        // Once as the tools of distributions set it, once as most programs that make interfaces do.
        for (String broadcast : new String[] {" broadcast 198.18.40.255", ""}) {
            Namespace.OWN.run("ip addr add 198.18.40.1/24" + broadcast + " dev np0");
            try (EchoRequester requester = stack.open()) {
                EchoRequest request = to(Stack.literal("198.18.40.255")).build();
                isNotSent(requester.send(request), request, NotSentReason.INVALID_DESTINATION, Errno.EACCES);
            } finally {
                Namespace.OWN.run("ip addr del 198.18.40.1/24 dev np0");
            }
        }
    }

    /** No other requester is open: requesters of linux-raw share a loop, and what it has asked for. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "REQ-4", cases = "C13")
    void theBroadcastAddressOfASubnetIsKnownWithoutNetlink(Stack stack) throws Exception {
        Namespace.OWN.run("""
                ip addr add 198.18.40.1/24 broadcast 198.18.40.255 dev np0
                ip route add prohibit 198.18.41.9
                """);
        EchoRequest broadcast = to(Stack.literal("198.18.40.255")).build();
        EchoRequest prohibited = to(Stack.literal("198.18.41.9")).build();
        try {
            List<EchoOutcome> outcomes = WithoutNetlink.send(stack, List.of(broadcast, prohibited));
            isNotSent(outcomes.get(0), broadcast, NotSentReason.INVALID_DESTINATION, Errno.EACCES);
            isNotSent(outcomes.get(1), prohibited, NotSentReason.NOT_PERMITTED, Errno.EACCES);
        } finally {
            Namespace.OWN.run("ip addr del 198.18.40.1/24 dev np0; ip route del prohibit 198.18.41.9");
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"OUT-4", "LOAD-4"},
            cases = "C39")
    void aPacketFilterThatDropsIsReportedOnce(Stack stack) throws Exception {
        filtered(stack, "DROP");
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C40")
    void aPacketFilterThatRejectsIsReportedOnce(Stack stack) throws Exception {
        filtered(stack, "REJECT");
    }

    private static void filtered(Stack stack, String verdict) throws Exception {
        Tools.require("iptables", "ip6tables");
        EchoRequest request = to(stack.address(RoutedNetwork.LIVE, 10))
                .timeout(Duration.ofSeconds(1))
                .build();
        EchoRequest other = to(stack.address(RoutedNetwork.LIVE, 11)).build();
        String rule = " OUTPUT -d " + request.destination().getHostAddress() + " -j " + verdict;
        String command = stack.either("iptables", "ip6tables");
        try (EchoRequester requester = stack.open()) {
            Namespace.OWN.run(command + " -A" + rule);
            try {
                List<EchoRequest> requests = new ArrayList<>();
                for (int i = 0; i < 50; i++) {
                    requests.add(request);
                    requests.add(other);
                }
                List<EchoOutcome> outcomes = Outcomes.all(requester, requests);
                for (int i = 0; i < outcomes.size(); i += 2) {
                    if (stack == Stack.DATAGRAM_IPV6) {
                        isHidden(outcomes.get(i), request, verdict);
                    } else {
                        isNotSent(outcomes.get(i), request, NotSentReason.NOT_PERMITTED, Errno.EPERM);
                    }
                    isReply(outcomes.get(i + 1), other);
                }
            } finally {
                Namespace.OWN.run(command + " -D" + rule);
            }
            isReply(requester.send(request), request);
            assertThat(requester.statistics().notSent()).isEqualTo(stack == Stack.DATAGRAM_IPV6 ? 0 : 50);
            assertThat(requester.statistics().replies()).isEqualTo(51);
        }
    }

    /**
     * Linux ignores the result of its own send for ping sockets of IPv6 (net/ipv6/ping.c, ping_v6_sendmsg): what the
     * packet filter drops looks sent, which the kernel's count gives away, and only its REJECT is heard, as an error
     * from this host.
     */
    private static void isHidden(EchoOutcome outcome, EchoRequest request, String verdict) {
        if (verdict.equals("REJECT")) {
            isError(
                    outcome,
                    request,
                    IcmpErrorKind.PORT_UNREACHABLE,
                    1,
                    4,
                    Stack.DATAGRAM_IPV6.address(RoutedNetwork.PROBER_LINK, 1));
        } else {
            assertThat(outcome)
                    .isInstanceOfSatisfying(
                            EchoOutcome.TimedOut.class,
                            silence -> assertThat(silence.localDropsSuspected()).isTrue());
        }
    }
}
