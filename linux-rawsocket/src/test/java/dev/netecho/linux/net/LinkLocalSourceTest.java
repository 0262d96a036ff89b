// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isRefused;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.isUnavailable;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Sources that the kernel accepts although no answer could come back: a host must not look down for that. */
@InPrivateNamespace
@Timeout(60)
final class LinkLocalSourceTest {
    private static final int OTHER_LINK = 40;
    private static final int NO_INTERFACE = 99_999;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    private static InetAddress here;
    private static InetAddress there;

    @BeforeAll
    static void open() throws Exception {
        Namespace.OWN.run("""
                ip link add other0 type veth peer name other1
                echo 0 >/proc/sys/net/ipv6/conf/other0/accept_dad
                ip link set other0 up; ip link set other1 up
                ip addr add fe80::51/64 dev np0 nodad
                ip addr add fe80::52/64 dev other0 nodad
                ip addr add 2001:2:0:40::1/64 dev other0 nodad
                """);
        here = Stack.scoped("fe80::51", Stack.scopeOf(RoutedNetwork.DEVICE));
        there = Stack.scoped("fe80::52", Stack.scopeOf("other0"));
        Stack stack = Stack.DATAGRAM_IPV6;
        awaitReply(here, here);
        awaitReply(here, stack.address(RoutedNetwork.PROBER_LINK, 1));
        awaitReply(there, there);
        awaitReply(there, stack.address(OTHER_LINK, 1));
    }

    /** Each is taken into use a moment after the command. */
    private static void awaitReply(InetAddress source, InetAddress own) throws Exception {
        EchoRequest request = EchoRequest.newBuilder(own)
                .source(source)
                .timeout(Duration.ofMillis(100))
                .build();
        long end = System.nanoTime() + Duration.ofSeconds(20).toNanos();
        try (EchoRequester requester = Stack.DATAGRAM_IPV6.open()) {
            EchoOutcome outcome;
            do {
                outcome = requester.send(request);
            } while (!outcome.isReply() && System.nanoTime() - end < 0);
            isReply(outcome, request);
        }
    }

    @AfterAll
    static void close() {
        Namespace.OWN.run("ip link del other0 || true");
    }

    private static EchoRequest from(InetAddress source, InetAddress destination) {
        return to(destination).source(source).timeout(Duration.ofMillis(500)).build();
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void isUnavailableForWhatAnotherLinkReaches(Stack stack) throws Exception {
        InetAddress ownHere = stack.address(RoutedNetwork.PROBER_LINK, 1);
        InetAddress ownThere = stack.address(OTHER_LINK, 1);
        InetAddress router = stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
        InetAddress target = stack.address(RoutedNetwork.TARGET_LINK, 1);
        InetAddress loopback = Stack.literal("::1");
        try (EchoRequester requester = stack.open()) {
            for (int round = 0; round < 2; round++) {
                for (InetAddress host : new InetAddress[] {loopback, ownHere, router, target}) {
                    isUnavailable(requester.send(from(there, host)), there, host.getHostAddress(), "link");
                }
                for (InetAddress host : new InetAddress[] {loopback, ownThere}) {
                    isUnavailable(requester.send(from(here, host)), here, "link");
                }
                if (round == 0) {
                    // It leads nowhere, and must not be taken.
                    Namespace.OWN.run("ip -6 route add default dev other0");
                }
            }
        } finally {
            Namespace.OWN.run("ip -6 route del default dev other0 || true");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void servesForWhatItsLinkReaches(Stack stack) throws Exception {
        EchoRequest own = from(here, stack.address(RoutedNetwork.PROBER_LINK, 1));
        EchoRequest otherOwn = from(there, stack.address(OTHER_LINK, 1));
        EchoRequest router = from(here, stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST));
        try (EchoRequester requester = stack.open()) {
            for (EchoRequest request : new EchoRequest[] {own, otherOwn, router}) {
                isReply(requester.send(request), request);
            }
            // A router does not pass such a packet on, and says so (RFC 4443, 3.1: beyond the scope of the source).
            assertThat(requester.send(from(here, stack.address(RoutedNetwork.TARGET_LINK, 1))))
                    .isInstanceOf(EchoOutcome.IcmpError.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void needsItsScope(Stack stack) throws Exception {
        InetAddress bare = Stack.literal("fe80::51");
        int scope = Stack.scopeOf(RoutedNetwork.DEVICE);
        InetAddress neighbour = Stack.scoped("fe80::254", scope);
        InetAddress router = stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
        try (EchoRequester requester = stack.open()) {
            for (InetAddress host : new InetAddress[] {neighbour, router}) {
                EchoRequest request = from(here, host);
                isReply(requester.send(request), request);
                isUnavailable(requester.send(from(bare, host)), bare, "needs a scope");
            }
            for (int other : new int[] {scope, Stack.scopeOf("other0"), NO_INTERFACE}) {
                InetAddress source = Stack.scoped("fe80::52", other);
                isUnavailable(requester.send(from(source, neighbour)), source, "the source");
            }
            EchoRequest plain = to(neighbour).build();
            isReply(requester.send(plain), plain);
        }
    }

    /** The destination is at fault, not the source. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "OUT-4", cases = "C36")
    void isNotBlamedForAHostThatNothingReaches(Stack stack) throws Exception {
        InetAddress lost = Stack.scoped("fe80::254", NO_INTERFACE);
        InetAddress elsewhere = Stack.literal("2001:2:0:ffff::1");
        InetAddress global = stack.address(RoutedNetwork.PROBER_LINK, 1);
        try (EchoRequester requester = stack.open()) {
            for (InetAddress source : new InetAddress[] {here, there, global}) {
                isRefused(requester.send(from(source, elsewhere)), NotSentReason.NO_ROUTE, "2001:2:0:ffff:");
                isRefused(requester.send(from(source, lost)), NotSentReason.NO_ROUTE, "no interface " + NO_INTERFACE);
            }
            isRefused(requester.send(to(lost).build()), NotSentReason.NO_ROUTE, "no interface " + NO_INTERFACE);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C138")
    void theLoopbackAddressReachesNoOtherHost(Stack stack) throws Exception {
        InetAddress loopback = Stack.literal("::1");
        InetAddress router = stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
        InetAddress neighbour = Stack.scoped("fe80::254", Stack.scopeOf(RoutedNetwork.DEVICE));
        EchoRequest own = from(loopback, stack.address(RoutedNetwork.PROBER_LINK, 1));
        EchoRequest itself = from(loopback, loopback);
        try (EchoRequester requester = stack.open()) {
            for (InetAddress host : new InetAddress[] {router, neighbour, here}) {
                isUnavailable(requester.send(from(loopback, host)), loopback, "is the loopback address");
            }
            isReply(requester.send(own), own);
            isReply(requester.send(itself), itself);
        }
    }

    /** RestrictAddressFamilies= of systemd denies netlink, so that the kernel does not tell routes. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C138")
    void theLoopbackAddressReachesNoHostWithoutNetlink(Stack stack) throws Exception {
        InetAddress loopback = Stack.literal("::1");
        EchoRequest router = from(loopback, stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST));
        EchoRequest own = from(loopback, stack.address(RoutedNetwork.PROBER_LINK, 1));
        List<EchoOutcome> outcomes = WithoutNetlink.send(stack, List.of(router, own));
        isUnavailable(outcomes.get(0), loopback, "is the loopback address");
        isReply(outcomes.get(1), own);
    }

    /** REQ-7 holds as well where AF_NETLINK is denied: a raw socket would send by the other link, and time out. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-7", cases = "C137")
    void isUnavailableForWhatAnotherLinkReachesWithoutNetlink(Stack stack) throws Exception {
        InetAddress ownHere = stack.address(RoutedNetwork.PROBER_LINK, 1);
        InetAddress ownThere = stack.address(OTHER_LINK, 1);
        InetAddress router = stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
        InetAddress target = stack.address(RoutedNetwork.TARGET_LINK, 1);
        InetAddress loopback = Stack.literal("::1");
        List<EchoRequest> foreign = List.of(
                from(there, loopback),
                from(there, ownHere),
                from(there, router),
                from(there, target),
                from(here, loopback),
                from(here, ownThere));
        List<EchoRequest> served = List.of(from(here, ownHere), from(there, ownThere), from(here, router));
        try {
            for (int round = 0; round < 2; round++) {
                List<EchoOutcome> outcomes = WithoutNetlink.send(stack, foreign);
                for (int i = 0; i < outcomes.size(); i++) {
                    InetAddress source = foreign.get(i).source().orElseThrow();
                    isUnavailable(outcomes.get(i), source, "link");
                }
                outcomes = WithoutNetlink.send(stack, served);
                for (int i = 0; i < outcomes.size(); i++) {
                    isReply(outcomes.get(i), served.get(i));
                }
                if (round == 0) {
                    Namespace.OWN.run("ip -6 route add default dev other0");
                }
            }
        } finally {
            Namespace.OWN.run("ip -6 route del default dev other0 || true");
        }
    }

    /** A raw socket would send by the link of the destination, and not get the answer. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = {"REQ-1", "OUT-4"})
    void aDestinationOfAnotherLinkThanTheInterfaceIsRefused(Stack stack) throws Exception {
        InetAddress router = Stack.scoped("fe80::254", Stack.scopeOf(RoutedNetwork.DEVICE));
        EchoOptions byTheOther = EchoOptions.DEFAULT.withInterface("other0");
        EchoOptions byItsOwn = EchoOptions.DEFAULT.withInterface(RoutedNetwork.DEVICE);
        try (EchoRequester requester = stack.open()) {
            EchoRequest good = to(router).options(byItsOwn).build();
            isReply(requester.send(good), good);
            EchoOutcome refused = requester.send(to(router).options(byTheOther).build());
            assertThat(refused).isInstanceOfSatisfying(EchoOutcome.NotSent.class, notSent -> {
                assertThat(notSent.reason()).as("%s", notSent).isEqualTo(NotSentReason.NO_ROUTE);
                assertThat(notSent.detail()).contains("the link of another interface");
            });
        }
    }
}
