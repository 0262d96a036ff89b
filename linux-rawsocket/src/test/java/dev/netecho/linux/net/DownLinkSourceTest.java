// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isRefused;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.isUnavailable;
import static dev.netecho.linux.net.Outcomes.to;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * With keep_addr_on_down, as routing daemons recommend it, the kernel sends from an address of a link that is down, and
 * drops the answer: the host must not look down.
 */
@InPrivateNamespace
@Timeout(60)
final class DownLinkSourceTest {
    private static final InetAddress SOURCE = Stack.literal("2001:2:0:71::1");
    private static final InetAddress NEIGHBOUR = Stack.literal("2001:2:0:70::2");
    private static final InetAddress LOOPBACK = Stack.literal("::1");

    private static final String AWAIT_LOCAL_ROUTE =
            "for i in $(seq 500); do ip -6 route show table local 2001:2:0:71::1 | grep -q . && break; done";

    private Namespace peer;

    @BeforeEach
    void open() {
        Tools.require("ip", "unshare", "nsenter");
        peer = Namespace.create();
        Namespace.OWN.run("""
                ip link set lo up
                ip link add de0 type veth peer name de1
                ip link set de1 netns PEER
                ip link set de0 up
                ip addr add 2001:2:0:70::1/64 dev de0 nodad
                ip addr add fe80::70/64 dev de0 nodad
                ip link add df0 type veth peer name df1
                ip link set df1 up; ip link set df0 up
                echo 1 >/proc/sys/net/ipv6/conf/df0/keep_addr_on_down
                ip addr add 2001:2:0:71::1/64 dev df0 nodad
                """.replace("PEER", peer.pid()));
        peer.run("""
                ip addr add 2001:2:0:70::2/64 dev de1 nodad; ip link set de1 up
                ip -6 route add 2001:2:0:71::/64 via fe80::70 dev de1
                """);
    }

    @AfterEach
    void close() {
        Namespace.OWN.run("ip link del de0 2>/dev/null || true; ip link del df0 2>/dev/null || true");
        peer.close();
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void isUnavailableWhileItsLinkIsDown(Stack stack) throws Exception {
        EchoRequest[] requests = {from(NEIGHBOUR), from(LOOPBACK)};
        RoutedNetwork.awaitReply(stack, NEIGHBOUR);
        try (EchoRequester requester = stack.open()) {
            for (int round = 0; round < 2; round++) {
                for (EchoRequest request : requests) {
                    isReply(requester.send(request), request);
                }
                Namespace.OWN.run("ip link set df0 down");
                for (EchoRequest request : requests) {
                    isUnavailable(requester.send(request), SOURCE, "of a link that is down");
                }
                Namespace.OWN.run("ip link set df0 up; " + AWAIT_LOCAL_ROUTE);
            }
        }
    }

    /** The link to the destination has no address but a link-local one, as between routers. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "OUT-4", cases = "C139")
    void isNotChosenWhileItsLinkIsDown(Stack stack) throws Exception {
        Namespace.OWN.run("ip addr del 2001:2:0:70::1/64 dev de0; ip -6 route add 2001:2:0:70::/64 dev de0");
        RoutedNetwork.awaitReply(stack, NEIGHBOUR);
        EchoRequest request = to(NEIGHBOUR).timeout(Duration.ofMillis(500)).build();
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(request), request);
            Namespace.OWN.run("ip link set df0 down");
            isRefused(requester.send(request), NotSentReason.NO_ROUTE, "no usable IPv6 address to send from");
            Namespace.OWN.run("ip link set df0 up; " + AWAIT_LOCAL_ROUTE);
            isReply(requester.send(request), request);
        }
    }

    /** The kernel refuses both kinds of socket, with different error numbers. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "OUT-4", cases = "C139")
    void isRefusedWithItsReasonWhereLoopbackIsDown(Stack stack) throws Exception {
        EchoRequest plain = to(LOOPBACK).timeout(Duration.ofMillis(500)).build();
        EchoRequest own =
                to(LOOPBACK).source(LOOPBACK).timeout(Duration.ofMillis(500)).build();
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(plain), plain);
            isReply(requester.send(own), own);
            Namespace.OWN.run("ip link set lo down");
            isRefused(requester.send(plain), NotSentReason.NO_ROUTE, LOOPBACK.getHostAddress());
            isRefused(requester.send(own), NotSentReason.SOURCE_UNAVAILABLE, LOOPBACK.getHostAddress());
        } finally {
            Namespace.OWN.run("ip link set lo up");
        }
    }

    private static EchoRequest from(InetAddress destination) {
        return to(destination).source(SOURCE).timeout(Duration.ofMillis(500)).build();
    }
}
