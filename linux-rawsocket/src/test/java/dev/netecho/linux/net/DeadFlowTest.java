// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * The router translates addresses. It remembers for each source, destination and identifier how, and forgets that one
 * second after the last packet; so a flow that began while the rule was missing stays untranslated for as long as
 * packets come.
 */
@InPrivateNamespace
@Timeout(60)
final class DeadFlowTest {
    private static final Duration TIMEOUT = Duration.ofMillis(150);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    @BeforeAll
    static void open() {
        Tools.require("iptables", "ip6tables");
        network.router.run("""
                echo 1 >/proc/sys/net/netfilter/nf_conntrack_icmp_timeout
                echo 1 >/proc/sys/net/netfilter/nf_conntrack_icmpv6_timeout
                iptables -A FORWARD -m conntrack --ctstate INVALID -j DROP
                ip6tables -A FORWARD -m conntrack --ctstate INVALID -j DROP
                """);
        // The target answers only the router.
        network.target.run("ip -4 route add blackhole 198.18.1.0/24; ip -6 route add blackhole 2001:2:0:1::/64");
    }

    private static void translate(Stack stack, boolean wanted) {
        network.router.run(stack.either("iptables", "ip6tables") + " -t nat " + (wanted ? "-A" : "-D")
                + " POSTROUTING -o nr1 -j SNAT --to-source "
                + stack.address(RoutedNetwork.TARGET_LINK, RoutedNetwork.ROUTER_HOST)
                        .getHostAddress());
    }

    /** A host had answered; now all that are asked are silent. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "MAT-5", cases = "C141")
    void theIdentifierIsRenewedWhereAllIsSilent(Stack stack) throws Exception {
        EchoRequest request =
                to(stack.own(RoutedNetwork.LIVE, 10)).timeout(TIMEOUT).build();
        EchoRequest other = to(stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST))
                .build();
        try (EchoRequester requester = stack.builder()
                .option(LinuxOptions.IDENTIFIER_PERIOD, Duration.ZERO)
                .open()) {
            isReply(requester.send(other), other);
            isTimedOut(requester.send(request));
            translate(stack, true);
            isTimedOut(requester.send(request));
            awaitReply(requester, request, null);
        } finally {
            translate(stack, false);
        }
    }

    /** Another host of the same socket answers all the time, so that only the period helps. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "MAT-5", cases = "C141")
    void theIdentifierIsRenewedAfterItsPeriod(Stack stack) throws Exception {
        InetAddress router = stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
        EchoRequest request =
                to(stack.own(RoutedNetwork.LIVE, 20)).timeout(TIMEOUT).build();
        EchoRequest other = to(router).build();
        try (EchoRequester requester = stack.builder()
                .option(LinuxOptions.IDENTIFIER_PERIOD, Duration.ofSeconds(1))
                .open()) {
            isTimedOut(requester.send(request));
            translate(stack, true);
            isTimedOut(requester.send(request));
            awaitReply(requester, request, other);
        } finally {
            translate(stack, false);
        }
    }

    private static void isTimedOut(EchoOutcome outcome) {
        assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
    }

    private static void awaitReply(EchoRequester requester, EchoRequest request, EchoRequest live)
            throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        EchoOutcome outcome;
        do {
            if (live != null) {
                isReply(requester.send(live), live);
            }
            outcome = requester.send(request);
        } while (!outcome.isReply() && System.nanoTime() - end < 0);
        isReply(outcome, request);
    }
}
