// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.isUnavailable;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hosts that two links lead to: a link-local source, and an interface, are obeyed or refused. */
@InPrivateNamespace
@Timeout(60)
final class SeveralLinksTest {
    private static final int HOSTS = 60;

    /** Of the peer, which answers for all of 2001:2:0:93::/64. */
    private static final InetAddress HOST = Stack.literal("2001:2:0:93::5");

    private Namespace peer;
    private InetAddress first;
    private InetAddress second;

    @BeforeEach
    void open() throws Exception {
        Tools.require("ip", "unshare", "nsenter");
        peer = Namespace.create();
        Namespace.OWN.run("""
                for link in 1 2; do
                    ip link add sl$link type veth peer name sp$link
                    ip link set dev sl$link addrgenmode none
                    ip link set dev sp$link addrgenmode none
                    ip link set sp$link netns PEER
                    ip link set sl$link up
                    ip addr add fe80::${link}1/64 dev sl$link nodad
                done
                """.replace("PEER", peer.pid()));
        peer.run("""
                ip link set lo up
                for link in 1 2; do
                    ip link set sp$link up
                    ip addr add fe80::${link}2/64 dev sp$link nodad
                done
                ip -6 route add local 2001:2:0:93::/64 dev lo
                """);
        first = Stack.scoped("fe80::11", Stack.scopeOf("sl1"));
        second = Stack.scoped("fe80::21", Stack.scopeOf("sl2"));
        awaitReply(from(first, Stack.scoped("fe80::12", Stack.scopeOf("sl1"))));
        awaitReply(from(second, Stack.scoped("fe80::22", Stack.scopeOf("sl2"))));
    }

    /** The kernel takes an address into use a moment after the command. */
    private static void awaitReply(EchoRequest request) throws Exception {
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        try (EchoRequester requester = Stack.DATAGRAM_IPV6.open()) {
            EchoOutcome outcome;
            do {
                outcome = requester.send(request);
            } while (!outcome.isReply() && System.nanoTime() - end < 0);
            isReply(outcome, request);
        }
    }

    @AfterEach
    void close() {
        Namespace.OWN.run("ip link del sl1; ip link del sl2");
        peer.close();
    }

    private static EchoRequest from(InetAddress source, InetAddress host) {
        return to(host).source(source).build();
    }

    /** The bind to a link-local source replaces the interface that the socket was bound to. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(
            rules = {"REQ-1", "REQ-7"},
            cases = "C137")
    void aSourceOfAnotherLinkThanTheInterfaceIsRefused(Stack stack) throws Exception {
        Namespace.OWN.run("ip -6 route add 2001:2:0:93::/64 via fe80::22 dev sl2");
        EchoRequest right = to(HOST).source(second)
                .options(EchoOptions.DEFAULT.withInterface("sl2"))
                .build();
        EchoRequest wrong = to(HOST).source(second)
                .options(EchoOptions.DEFAULT.withInterface("sl1"))
                .build();
        try (EchoRequester requester = stack.open();
                EchoRequester byFirst =
                        stack.builder().option(LinuxOptions.INTERFACE, "sl1").open()) {
            isReply(requester.send(right), right);
            isUnavailable(requester.send(wrong), second, "link");
            isUnavailable(byFirst.send(from(second, HOST)), second, "link");
            isReply(byFirst.send(right), right);
        }
    }

    /** The kernel may answer a question about a route with another next hop than a packet takes. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void eachSourceReachesWhatBothLinksLeadTo(Stack stack) throws Exception {
        Namespace.OWN.run("""
                ip -6 route add 2001:2:0:93::/64 nexthop via fe80::12 dev sl1 nexthop via fe80::22 dev sl2
                """);
        List<EchoRequest> requests = new ArrayList<>();
        for (int i = 1; i <= HOSTS; i++) {
            requests.add(from(first, stack.address(93, i)));
            requests.add(from(second, stack.address(93, i)));
        }
        try (EchoRequester requester = stack.open()) {
            List<EchoOutcome> outcomes = Outcomes.all(requester, requests);
            for (int i = 0; i < requests.size(); i++) {
                isReply(outcomes.get(i), requests.get(i));
            }
        }
    }

    /** The packet leaves by the source's link, whatever hop the kernel names. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "LOAD-4", cases = "C137")
    void aLinkWithoutCarrierIsSuspectedBySource(Stack stack) throws Exception {
        Namespace.OWN.run("""
                ip -6 route add 2001:2:0:93::/64 nexthop via fe80::12 dev sl1 nexthop via fe80::22 dev sl2
                """);
        List<EchoRequest> requests = new ArrayList<>();
        for (int i = 1; i <= HOSTS; i++) {
            requests.add(to(stack.address(93, i))
                    .source(first)
                    .timeout(Duration.ofMillis(500))
                    .build());
        }
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(requests.get(0)), requests.get(0));
            peer.run("ip link set sp1 down");
            for (EchoOutcome outcome : Outcomes.all(requester, requests)) {
                assertThat(outcome).isNotInstanceOf(EchoOutcome.Reply.class);
                assertThat(outcome instanceof EchoOutcome.TimedOut timedOut && !timedOut.localDropsSuspected())
                        .as("%s", outcome)
                        .isFalse();
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void rulesByProtocolAreObeyed(Stack stack) throws Exception {
        Namespace.OWN.run("""
                ip -6 route add 2001:2:0:93::/64 via fe80::22 dev sl2
                ip -6 route add 2001:2:0:93::/64 via fe80::12 dev sl1 table 100
                ip -6 rule add ipproto ipv6-icmp lookup 100 pref 50
                """);
        try (EchoRequester requester = stack.open()) {
            EchoRequest right = from(first, HOST);
            isReply(requester.send(right), right);
            isUnavailable(requester.send(from(second, HOST)), second, "link");
        } finally {
            Namespace.OWN.run("ip -6 rule del pref 50");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void rulesByTrafficClassAreObeyed(Stack stack) throws Exception {
        Namespace.OWN.run("""
                ip -6 route add 2001:2:0:93::/64 via fe80::22 dev sl2
                ip -6 route add 2001:2:0:93::/64 via fe80::12 dev sl1 table 100
                ip -6 rule add tos 0x20 lookup 100 pref 50
                """);
        EchoOptions special = EchoOptions.DEFAULT.withTrafficClass(0x21);
        EchoRequest usual = from(second, HOST);
        EchoRequest right = to(HOST).source(first).options(special).build();
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(usual), usual);
            isReply(requester.send(right), right);
            isReply(requester.send(usual), usual);
            isUnavailable(requester.send(from(first, HOST)), first, "link");
            isUnavailable(
                    requester.send(to(HOST).source(second).options(special).build()), second, "link");
        } finally {
            Namespace.OWN.run("ip -6 rule del pref 50");
        }
    }
}
