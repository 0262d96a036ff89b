// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.testkit.cases.Covers;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An interface that is deleted and made anew has the old name and another index. */
@InPrivateNamespace
@Timeout(60)
final class RemadeInterfaceTest {
    private static final String ROUTER = "fe80::254";
    private static final String OWN = "fe80::61";
    private static final String ROUTER_IPV4 = "198.18.9.254";
    private static final String ROUTER_IPV6 = "2001:2:0:9::254";

    private Namespace router;

    @BeforeEach
    void open() {
        Tools.require("ip", "unshare", "nsenter");
        router = Namespace.create();
        make();
    }

    @AfterEach
    void close() {
        Namespace.OWN.run("ip link del an0 2>/dev/null || true");
        router.close();
    }

    private void make() {
        make("an0", "");
    }

    private void make(String device, String index) {
        Namespace.OWN.run("""
                ip link add DEVICE INDEX type veth peer name an1
                ip link set an1 netns PEER
                echo 0 >/proc/sys/net/ipv6/conf/DEVICE/accept_dad
                ip addr add OWN/64 dev DEVICE nodad
                ip addr add 198.18.9.61/24 dev DEVICE
                ip addr add 2001:2:0:9::61/64 dev DEVICE nodad
                ip link set DEVICE up
                """.replace("PEER", router.pid())
                .replace("OWN", OWN)
                .replace("DEVICE", device)
                .replace("INDEX", index));
        router.run("""
                echo 0 >/proc/sys/net/ipv6/conf/an1/accept_dad
                ip addr add ROUTER/64 dev an1 nodad
                ip addr add 198.18.9.254/24 dev an1
                ip addr add 2001:2:0:9::254/64 dev an1 nodad
                ip link set an1 up
                """.replace("ROUTER", ROUTER));
    }

    /** Asks with new address objects until the network is ready, five seconds long. */
    private static void awaitReady(Stack stack) throws Exception {
        EchoOutcome outcome;
        long end = System.nanoTime() + Duration.ofSeconds(5).toNanos();
        try (EchoRequester requester = stack.open()) {
            do {
                outcome = requester.send(EchoRequest.newBuilder(named(ROUTER))
                        .source(named(OWN))
                        .timeout(Duration.ofMillis(100))
                        .build());
            } while (!outcome.isReply() && System.nanoTime() - end < 0);
        }
        assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
    }

    private static InetAddress named(String address) throws Exception {
        InetAddress named = InetAddress.getByName(address + "%an0");
        assertThat(((Inet6Address) named).getScopedInterface().getName()).isEqualTo("an0");
        return named;
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(
            rules = {"MAT-1", "REQ-4"},
            cases = "C16")
    void isReachedByItsName(Stack stack) throws Exception {
        awaitReady(stack);
        EchoRequest plain = to(named(ROUTER)).build();
        EchoRequest bound = to(named(ROUTER)).source(named(OWN)).build();
        EchoRequest later = to(named(ROUTER)).source(named(OWN)).build();
        int index = ((Inet6Address) plain.destination()).getScopeId();
        EchoRequest numbered = to(Inet6Address.getByAddress(
                        null, plain.destination().getAddress(), index))
                .build();
        try (EchoRequester requester = stack.open();
                EchoRequester other = stack.open()) {
            isReply(requester.send(plain), plain);
            isReply(requester.send(bound), bound);
            for (int round = 0; round < 2; round++) {
                Namespace.OWN.run("ip link del an0");
                for (EchoRequest request : new EchoRequest[] {plain, bound}) {
                    assertThat(requester.send(request)).isInstanceOf(EchoOutcome.NotSent.class);
                }
                make();
                awaitReady(stack);
                assertThat(((Inet6Address) named(ROUTER)).getScopeId()).isNotEqualTo(index);
                isReply(other.send(later), later); // its first socket for this source
                for (EchoRequest request : new EchoRequest[] {bound, plain, bound, plain}) {
                    isReply(requester.send(request), request);
                }
                assertThat(requester.send(numbered)).isInstanceOf(EchoOutcome.NotSent.class);
            }
        }
    }

    /** Its sockets are bound to the index which the interface had. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "OUT-4", cases = "C37")
    void isReachedByARequesterThatIsBoundToIt(Stack stack) throws Exception {
        awaitReady(stack.either(Stack.DATAGRAM_IPV6, stack));
        EchoRequest request = to(stack.either(Stack.literal(ROUTER_IPV4), Stack.literal(ROUTER_IPV6)))
                .build();
        try (EchoRequester requester =
                stack.builder().option(LinuxOptions.INTERFACE, "an0").open()) {
            isReply(requester.send(request), request);
            for (int round = 0; round < 2; round++) {
                Namespace.OWN.run("ip link del an0");
                assertThat(requester.send(request)).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                    assertThat(refused.reason()).as("%s", refused).isEqualTo(NotSentReason.NO_ROUTE);
                    assertThat(refused.detail()).contains("no interface an0");
                });
                make();
                awaitReady(stack.either(Stack.DATAGRAM_IPV6, stack));
                isReply(requester.send(request), request);
            }
        }
    }

    /** They wait at a socket that is bound to the index which the interface had. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-4", cases = "C16")
    void isReachedByRequestsThatWaitedMeanwhile(Stack stack) throws Exception {
        awaitReady(stack);
        boolean waited = false;
        for (int round = 0; round < 5 && !waited; round++) {
            EchoRequest request = to(named(ROUTER)).source(named(OWN)).build();
            try (EchoRequester requester = stack.builder().maxRate(1).open()) {
                long start = System.nanoTime();
                isReply(requester.send(request), request);
                CompletableFuture<EchoOutcome> second = requester.sendAsync(request);
                Namespace.OWN.run("ip link del an0");
                make();
                awaitReady(stack);
                // On a busy machine its turn may have come while there was no interface.
                waited = System.nanoTime() - start < Duration.ofMillis(900).toNanos();
                if (waited) {
                    isReply(second.get(30, TimeUnit.SECONDS), request);
                }
            }
        }
        assertThat(waited).as("the interface was remade within a second").isTrue();
    }

    /** The name says which host is meant, and not the index. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "REQ-4", cases = "C16")
    void isNotMistakenForAnotherWithItsIndex(Stack stack) throws Exception {
        awaitReady(stack);
        EchoRequest plain = to(named(ROUTER)).build();
        EchoRequest bound = to(named(ROUTER)).source(named(OWN)).build();
        int index = ((Inet6Address) plain.destination()).getScopeId();
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(plain), plain);
            isReply(requester.send(bound), bound);
            Namespace.OWN.run("ip link del an0");
            make("bn0", "index " + index);
            try {
                EchoRequest other = to(Inet6Address.getByAddress(
                                null, plain.destination().getAddress(), index))
                        .timeout(Duration.ofMillis(100))
                        .build();
                EchoOutcome outcome = requester.send(other);
                for (int i = 0; i < 50 && !outcome.isReply(); i++) {
                    outcome = requester.send(other);
                }
                isReply(outcome, other); // by number
                assertThat(requester.send(plain)).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                    assertThat(refused.reason()).as("%s", refused).isEqualTo(NotSentReason.NO_ROUTE);
                    assertThat(refused.detail()).contains("no interface an0");
                });
                assertThat(requester.send(bound)).isInstanceOf(EchoOutcome.NotSent.class);
            } finally {
                Namespace.OWN.run("ip link del bn0");
            }
        }
    }
}
