// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Where no address fits, the kernel sends from 0.0.0.0, and no answer comes: the host must not look down. */
@InPrivateNamespace
@Timeout(60)
final class NoIpv4AddressTest {
    private Namespace peer;

    @BeforeEach
    void open() {
        Tools.require("ip", "unshare", "nsenter");
        peer = Namespace.create();
        Namespace.OWN.run("""
                ip link set lo up
                ip link add nn0 type veth peer name nn1
                ip link set nn1 netns PEER
                ip link set nn0 up
                ip route add 198.18.70.0/24 dev nn0
                """.replace("PEER", peer.pid()));
        peer.run("""
                ip link set lo up
                ip addr add 198.18.70.2/24 dev nn1
                ip addr add 198.18.71.2/32 dev lo
                ip link set nn1 up
                """);
    }

    @AfterEach
    void close() {
        Namespace.OWN.run("ip link del nn0");
        peer.close();
    }

    private static EchoRequest to(String host) {
        return EchoRequest.newBuilder(Stack.literal(host))
                .timeout(Duration.ofMillis(500))
                .build();
    }

    private static void isRefused(EchoOutcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
            assertThat(refused.reason()).as("%s", refused).isEqualTo(NotSentReason.NO_ROUTE);
            assertThat(refused.detail()).contains("198.18.7", "no usable IPv4 address to send from");
        });
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "OUT-4", cases = "C139")
    void isKnownAtOnceToBeMissingOrThere(Stack stack) throws Exception {
        EchoRequest request = to("198.18.70.2");
        try (EchoRequester requester = stack.open()) {
            for (int i = 0; i < 2; i++) {
                isRefused(requester.send(request));
                isRefused(requester.send(request));
                Namespace.OWN.run("ip addr add 198.18.70.1/24 dev nn0");
                isReply(requester.send(request), request);
                Namespace.OWN.run("ip addr del 198.18.70.1/24 dev nn0; ip route replace 198.18.70.0/24 dev nn0");
            }
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "OUT-4", cases = "C139")
    void isKnownWithoutNetlink(Stack stack) throws Exception {
        EchoRequest request = to("198.18.70.2");
        isRefused(WithoutNetlink.send(stack, List.of(request)).get(0));
        Namespace.OWN.run("ip addr add 198.18.70.1/24 dev nn0");
        EchoRequest again = to("198.18.70.2");
        isReply(WithoutNetlink.send(stack, List.of(again)).get(0), again);
    }

    /** One of the link's scope serves for the link alone, one of global scope everywhere, whatever interface has it. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "OUT-4", cases = "C139")
    void isOfTheRightScope(Stack stack) throws Exception {
        EchoRequest neighbour = to("198.18.70.2");
        EchoRequest beyond = to("198.18.71.2");
        Namespace.OWN.run("""
                ip addr add 198.18.70.1/24 dev nn0 scope link
                ip route add 198.18.71.0/24 via 198.18.70.2
                """);
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(neighbour), neighbour);
            isRefused(requester.send(beyond));
            peer.run("ip route add 198.18.72.0/24 dev nn1");
            Namespace.OWN.run("ip addr add 198.18.72.1/32 dev lo");
            isReply(requester.send(beyond), beyond);
        } finally {
            Namespace.OWN.run("ip addr del 198.18.72.1/32 dev lo || true");
        }
    }
}
