// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isRefused;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.testkit.cases.Covers;
import java.io.IOException;
import java.net.Inet6Address;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
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

    /**
     * The kernel binds a socket to an index, which keeps its interface: the name may lead to another one, or nowhere.
     * The link goes down for it, because Linux before 6.2 renames no other.
     */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "REQ-1", cases = "C146")
    void isFollowedByItsNameWhereItIsRenamed(Stack stack) throws Exception {
        awaitReady(stack.either(Stack.DATAGRAM_IPV6, stack));
        Namespace.OWN.run(
                "echo 1 >/proc/sys/net/ipv6/conf/an0/keep_addr_on_down; ip link add cn0 type veth peer name cn1");
        InetAddress host = stack.either(Stack.literal(ROUTER_IPV4), Stack.literal(ROUTER_IPV6));
        EchoRequest plain = to(host).build();
        EchoRequest naming = named(host).build();
        Duration shortly = Duration.ofMillis(300);
        try (EchoRequester bound =
                        stack.builder().option(LinuxOptions.INTERFACE, "an0").open();
                EchoRequester free = stack.open()) {
            isReply(bound.send(plain), plain);
            isReply(free.send(naming), naming);
            rename("an0", "bn0");
            isRefused(bound.send(plain), NotSentReason.NO_ROUTE, "no interface an0");
            isRefused(free.send(naming), NotSentReason.NO_ROUTE, "no interface an0");
            rename("cn0", "an0");
            for (EchoOutcome outcome : new EchoOutcome[] {
                bound.send(to(host).timeout(shortly).build()),
                free.send(named(host).timeout(shortly).build())
            }) {
                assertThat(outcome.isReply()).as("through bn0: %s", outcome).isFalse();
            }
            rename("an0", "cn0");
            rename("bn0", "an0");
            isReply(bound.send(plain), plain);
            isReply(free.send(naming), naming);
        } finally {
            Namespace.OWN.run("ip link del bn0 2>/dev/null || true; ip link del cn0");
        }
    }

    private static EchoRequest.Builder named(InetAddress host) {
        return to(host).options(EchoOptions.DEFAULT.withInterface("an0"));
    }

    private static void rename(String from, String to) {
        Namespace.OWN.run("ip link set FROM down; ip link set FROM name TO; ip link set TO up"
                .replace("FROM", from)
                .replace("TO", to));
    }

    /** Another name of the same interface (ip-link(8), altname) is not a change. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "REQ-1", cases = "C146")
    void mayBeNamedByItsOtherName(Stack stack) throws Exception {
        awaitReady(stack.either(Stack.DATAGRAM_IPV6, stack));
        Namespace.OWN.run("ip link property add dev an0 altname another");
        EchoRequest request = to(stack.either(Stack.literal(ROUTER_IPV4), Stack.literal(ROUTER_IPV6)))
                .build();
        try (EchoRequester requester =
                stack.builder().option(LinuxOptions.INTERFACE, "another").open()) {
            long before = descriptors();
            for (int i = 0; i < 20; i++) {
                isReply(requester.send(request), request);
                TimeUnit.MILLISECONDS.sleep(2); // longer than a name is believed
            }
            assertThat(descriptors() - before).as("sockets that replace others").isLessThan(5);
        }
    }

    private static long descriptors() throws IOException {
        try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
            return open.count();
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
