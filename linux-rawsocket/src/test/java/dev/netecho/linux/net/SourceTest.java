// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isNotSent;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.isUnavailable;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.libc.Errno;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sources that this host does not send from, and what scopes of sources mean. */
@InPrivateNamespace
@Timeout(60)
final class SourceTest {
    private static final int NO_INTERFACE = 99_999;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    /** {@link NetworkInterface} gives every IPv6 address the index of its interface; that may be gone since. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C136")
    void theScopeOfAGlobalSourceMeansNothing(Stack stack) throws Exception {
        InetAddress plain = stack.address(RoutedNetwork.PROBER_LINK, 2);
        try (EchoRequester requester = stack.open()) {
            for (int scope : new int[] {Stack.scopeOf("lo"), Stack.scopeOf(RoutedNetwork.DEVICE), NO_INTERFACE}) {
                for (InetAddress host : new InetAddress[] {stack.address(RoutedNetwork.TARGET_LINK, 1), plain}) {
                    EchoRequest request = to(host).source(Stack.scoped(plain.getHostAddress(), scope))
                            .build();
                    isReply(requester.send(request), request);
                }
            }
        }
    }

    /** What was asked for the refusal before says nothing of this one. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C24")
    void aSourceTakenAwayRightAfterAnotherRefusalIsUnavailable(Stack stack) throws Exception {
        InetAddress source = stack.address(RoutedNetwork.PROBER_LINK, 2);
        InetAddress elsewhere = Stack.literal(stack.either("198.19.0.1", "2001:2:0:ffff::1"));
        EchoRequest request =
                to(stack.address(RoutedNetwork.TARGET_LINK, 1)).source(source).build();
        EchoRequest noRoute = to(elsewhere).source(source).build();
        String address = source.getHostAddress() + stack.either("/24", "/64") + " dev np0";
        try (EchoRequester requester = stack.open()) {
            isNotSent(requester.send(noRoute), noRoute, NotSentReason.NO_ROUTE, Errno.ENETUNREACH);
            isReply(requester.send(request), request);
            Namespace.OWN.run("ip addr del " + address);
            try {
                isUnavailable(requester.send(request), source, "not usable on this host now");
            } finally {
                Namespace.OWN.run("ip addr add " + address + stack.either("", " nodad"));
            }
            RoutedNetwork.awaitReply(stack, request.destination());
        }
    }

    /** Hosts with a floating address have the sysctl on: bind(2) then takes every address. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C20")
    void aForeignSourceIsUnavailableUnderNonlocalBind(Stack stack) throws Exception {
        Namespace.OWN.run("echo 1 | tee /proc/sys/net/ipv?/ip_nonlocal_bind");
        InetAddress source = stack.address(RoutedNetwork.PROBER_LINK, 77);
        try (EchoRequester requester = stack.open()) {
            EchoRequest request = to(stack.address(RoutedNetwork.TARGET_LINK, 1))
                    .source(source)
                    .build();
            isUnavailable(requester.send(request), source, "not usable on this host now");
        } finally {
            Namespace.OWN.run("echo 0 | tee /proc/sys/net/ipv?/ip_nonlocal_bind");
        }
    }

    /** A local route makes addresses this host's own that no interface has. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "OUT-4", cases = "C20")
    void aSourceWithALocalRouteIsUsable(Stack stack) throws Exception {
        Namespace.OWN.run("ip route add local 198.18.60.0/24 dev lo");
        InetAddress source = Stack.literal("198.18.60.5");
        try (EchoRequester requester = stack.open()) {
            EchoRequest request = to(Stack.literal("198.19.0.1")).source(source).build();
            isNotSent(requester.send(request), request, NotSentReason.NO_ROUTE, Errno.ENETUNREACH);
        } finally {
            Namespace.OWN.run("ip route del local 198.18.60.0/24 dev lo");
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"127.255.255.255", "198.18.1.255"})
    @Covers(rules = "OUT-4", cases = "C138")
    void aBroadcastAddressIsNoSource(String literal) throws Exception {
        InetAddress source = Stack.literal(literal);
        for (Stack stack : new Stack[] {Stack.DATAGRAM_IPV4, Stack.RAW_IPV4}) {
            try (EchoRequester requester = stack.open()) {
                for (InetAddress host :
                        new InetAddress[] {Stack.literal("127.0.0.1"), stack.address(RoutedNetwork.TARGET_LINK, 1)}) {
                    EchoRequest request = to(host).source(source).build();
                    isUnavailable(requester.send(request), source, "is a broadcast address");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "OUT-4", cases = "C20")
    void aLoopbackSourceDoesNotReachAnotherHost(Stack stack) throws Exception {
        InetAddress source = Stack.literal("127.0.0.1");
        try (EchoRequester requester = stack.open()) {
            EchoRequest request = to(stack.address(RoutedNetwork.TARGET_LINK, 1))
                    .source(source)
                    .build();
            isUnavailable(requester.send(request), source, "is a loopback address");
        }
    }

    /** kube-proxy sets it: the kernel then sends from a loopback address, and this host may translate it. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "LOAD-4")
    void aLoopbackSourceIsSuspectedUnderRouteLocalnet(Stack stack) throws Exception {
        Namespace.OWN.run("echo 1 >/proc/sys/net/ipv4/conf/all/route_localnet");
        try (EchoRequester requester = stack.open()) {
            EchoRequest request = to(stack.address(RoutedNetwork.TARGET_LINK, 1))
                    .source(Stack.literal("127.0.0.1"))
                    .timeout(Duration.ofMillis(300))
                    .build();
            assertThat(requester.send(request))
                    .isInstanceOfSatisfying(
                            EchoOutcome.TimedOut.class,
                            silent -> assertThat(silent.localDropsSuspected()).isTrue());
        } finally {
            Namespace.OWN.run("echo 0 >/proc/sys/net/ipv4/conf/all/route_localnet");
        }
    }
}
