// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.linux.libc.Errno;
import dev.netecho.testkit.cases.Covers;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.net.NetworkInterface;
import java.time.Duration;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Addresses and links that change while a requester is open. */
@InPrivateNamespace
@Timeout(60)
final class ChangingHostTest {
    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C24")
    void aSourceThatIsTakenAwayIsUnavailableUntilItIsBack(Stack stack) throws Exception {
        InetAddress source = stack.address(RoutedNetwork.PROBER_LINK, 2);
        EchoRequest request = to(stack.address(RoutedNetwork.TARGET_LINK, 1))
                .source(source)
                .timeout(Duration.ofMillis(500))
                .build();
        EchoRequest other = to(request.destination()).build();
        String address = source.getHostAddress() + stack.either("/24", "/64") + " dev np0";
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(request), request);
            Namespace.OWN.run("ip addr del " + address);
            try {
                EchoOutcome outcome = requester.send(request);
                assertThat(outcome).isInstanceOf(EchoOutcome.NotSent.class);
                EchoOutcome.NotSent refused = (EchoOutcome.NotSent) outcome;
                assertThat(refused.reason()).as("%s", refused).isEqualTo(NotSentReason.SOURCE_UNAVAILABLE);
                assertThat(refused.detail()).contains(source.getHostAddress());
                isReply(requester.send(other), other);
            } finally {
                Namespace.OWN.run("ip addr add " + address + stack.either("", " nodad"));
            }
            // The kernel takes an address of IPv6 into use a moment after the command, nodad or not.
            EchoOutcome again = requester.send(request);
            for (int i = 0; i < 20 && !again.isReply(); i++) {
                again = requester.send(request);
            }
            isReply(again, request);
        }
    }

    /** A datagram socket of IPv6 is bound to its source: none is open yet. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C24")
    void aSourceServesAsSoonAsTheHostHasIt(Stack stack) throws Exception {
        InetAddress source = stack.own(RoutedNetwork.PROBER_LINK, 80);
        EchoRequest request = to(stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST))
                .source(source)
                .timeout(Duration.ofMillis(500))
                .build();
        String address = source.getHostAddress() + stack.either("/24", "/64") + " dev np0";
        try (EchoRequester requester = stack.open()) {
            Outcomes.isNotSent(
                    requester.send(request),
                    request,
                    NotSentReason.SOURCE_UNAVAILABLE,
                    stack.either(Errno.ENETUNREACH, stack.raw ? Errno.EINVAL : Errno.EADDRNOTAVAIL));
            Namespace.OWN.run("ip addr add " + address + stack.either("", " nodad"));
            try {
                long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
                EchoOutcome other;
                do {
                    try (EchoRequester fresh = stack.open()) {
                        other = fresh.send(request);
                    }
                } while (!other.isReply() && System.nanoTime() - end < 0);
                isReply(other, request);
                isReply(requester.send(request), request);
            } finally {
                Namespace.OWN.run("ip addr del " + address);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C37")
    void anInterfaceThatGoesDownTakesItsRoutesAndComesBack(Stack stack) throws Exception {
        InetAddress router = stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST);
        EchoRequest request = to(router).build();
        EchoRequest loopback =
                to(Stack.literal(stack.either("127.0.0.1", "::1"))).build();
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(request), request);
            Namespace.OWN.run("ip link set np0 down");
            try {
                Outcomes.isNotSent(requester.send(request), request, NotSentReason.NO_ROUTE, Errno.ENETUNREACH);
                isReply(requester.send(loopback), loopback);
            } finally {
                Namespace.OWN.run("ip link set np0 up");
                network.routeProber();
            }
            RoutedNetwork.awaitReply(stack, router);
            isReply(requester.send(request), request);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"OUT-4", "REQ-1"},
            cases = {"C29", "C37"})
    void anotherMtuOfTheInterfaceIsHeeded(Stack stack) throws Exception {
        EchoRequest request = to(stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST))
                .payload(EchoPayload.ofSize(1_360))
                .options(EchoOptions.DEFAULT.withDontFragment(true))
                .build();
        try (EchoRequester requester = stack.open()) {
            for (int round = 0; round < 2; round++) {
                answersSoon(requester, request);
                Namespace.OWN.run("ip link set np0 mtu 1280");
                try {
                    Outcomes.isNotSent(requester.send(request), request, NotSentReason.TOO_LARGE, Errno.EMSGSIZE);
                } finally {
                    Namespace.OWN.run("ip link set np0 mtu 1500");
                }
            }
            answersSoon(requester, request);
        }
    }

    /** The other end goes down: the route stays, so that packets leave for nowhere. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C37")
    void anInterfaceWithoutCarrierIsSilentUntilItHasOne(Stack stack) throws Exception {
        EchoRequest request = to(stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST))
                .timeout(Duration.ofMillis(300))
                .build();
        try (EchoRequester requester = stack.open()) {
            answersSoon(requester, request);
            network.router.run("ip link set nr0 down");
            try {
                for (int i = 0; i < 2; i++) {
                    assertThat(requester.send(request))
                            .isInstanceOfSatisfying(
                                    EchoOutcome.TimedOut.class,
                                    silent -> assertThat(silent.localDropsSuspected())
                                            .as("the kernel drops it")
                                            .isTrue());
                }
            } finally {
                // Link-local addresses are not kept.
                network.router.run("ip link set nr0 up; ip addr add fe80::254/64 dev nr0 nodad");
            }
            answersSoon(requester, request);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"OUT-4", "REQ-1"},
            cases = "C37")
    void anInterfaceKeepsServingUnderAnotherNameUnlessItWasNamed(Stack stack) throws Exception {
        EchoRequest request = to(stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST))
                .source(stack.address(RoutedNetwork.PROBER_LINK, 2))
                .build();
        try (EchoRequester requester = stack.open();
                EchoRequester bound = stack.builder()
                        .option(LinuxOptions.INTERFACE, RoutedNetwork.DEVICE)
                        .open()) {
            answersSoon(requester, request);
            answersSoon(bound, request);
            rename(RoutedNetwork.DEVICE, "np9");
            try {
                answersSoon(requester, request);
                assertThat(bound.send(request))
                        .isInstanceOfSatisfying(
                                EchoOutcome.NotSent.class,
                                refused -> assertThat(refused.reason()).isEqualTo(NotSentReason.NO_ROUTE));
            } finally {
                rename("np9", RoutedNetwork.DEVICE);
                network.routeProber();
            }
            answersSoon(requester, request);
            answersSoon(bound, request);
        }
    }

    private static void rename(String from, String to) {
        // Kernels before 6.2 rename no interface that is up.
        Namespace.OWN.run(
                "ip link set " + from + " down; ip link set " + from + " name " + to + "; ip link set " + to + " up");
    }

    /** The kernel takes addresses and neighbours into use a moment after a command. */
    private static void answersSoon(EchoRequester requester, EchoRequest request) throws Exception {
        EchoOutcome outcome = requester.send(request);
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        while (!outcome.isReply() && System.nanoTime() - end < 0) {
            outcome = requester.send(request);
        }
        isReply(outcome, request);
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "MAT-1", cases = "C1")
    void anAddressOfAnOwnInterfaceAnswers(Stack stack) throws Exception {
        EchoRequest request = to(stack.address(RoutedNetwork.PROBER_LINK, 1)).build();
        try (EchoRequester requester = stack.open()) {
            EchoOutcome.Reply reply = isReply(requester.send(request), request);
            assertThat(reply.responder()).isEqualTo(request.destination());
            assertThat(reply.payload()).isEqualTo(request.payload());
            assertThat(reply.payload().size()).isEqualTo(56);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(
            rules = {"MAT-1", "REQ-4"},
            cases = {"C15", "C16"})
    void aLinkLocalAddressWithAScopeAnswers(Stack stack) throws Exception {
        int scope = NetworkInterface.getByName(RoutedNetwork.DEVICE).getIndex();
        InetAddress router =
                Inet6Address.getByAddress(null, Stack.literal("fe80::254").getAddress(), scope);
        EchoRequest request = to(router).build();
        try (EchoRequester requester = stack.open()) {
            EchoOutcome.Reply reply = isReply(requester.send(request), request);
            // A neighbour: no router in between.
            assertThat(reply.hopLimit()).hasValue(64);
            EchoRequest unscoped = to(Stack.literal("fe80::254")).build();
            assertThat(requester.send(unscoped)).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                assertThat(refused.reason()).isEqualTo(NotSentReason.INVALID_DESTINATION);
                assertThat(refused.osError()).isEmpty();
            });
        }
    }
}
