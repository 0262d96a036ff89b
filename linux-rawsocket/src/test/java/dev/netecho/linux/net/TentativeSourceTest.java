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
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * While an address is tentative, the kernel sends from another one, and no answer reaches it: the host must not look
 * down.
 */
@InPrivateNamespace
@Timeout(60)
final class TentativeSourceTest {
    private static final EchoRequest REQUEST = EchoRequest.newBuilder(Stack.literal("2001:2:0:70::2"))
            .timeout(Duration.ofMillis(500))
            .build();
    private static final String AWAIT_USABLE =
            "for i in $(seq 500); do [ \"$(ip -6 addr show dev tn0 tentative)\" ] || break; done";

    private Namespace peer;

    @BeforeEach
    void open() {
        Tools.require("ip", "unshare", "nsenter");
        peer = Namespace.create();
        Namespace.OWN.run("""
                ip link set lo up
                ip link add tn0 type veth peer name tn1
                ip link set tn1 netns PEER
                echo 250 >/proc/sys/net/ipv6/conf/tn0/dad_transmits
                ip link set tn0 up
                """.replace("PEER", peer.pid()));
        peer.run("ip addr add 2001:2:0:70::2/64 dev tn1 nodad; ip link set tn1 up");
    }

    @AfterEach
    void close() {
        Namespace.OWN.run("ip link del tn0 2>/dev/null || true; ip link del un0 2>/dev/null || true");
        peer.close();
    }

    private static void isRefused(EchoOutcome outcome) {
        assertThat(outcome).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
            assertThat(refused.reason()).as("%s", refused).isEqualTo(NotSentReason.NO_ROUTE);
            assertThat(refused.detail()).contains("2001:2:0:70:", "no usable IPv6 address to send from");
        });
    }

    /** The only usable address is link-local and of a link that does not lead to the destination. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "OUT-4", cases = "C139")
    void isNotReplacedByThatOfAnotherLink(Stack stack) throws Exception {
        Namespace.OWN.run("""
                ip link add un0 type veth peer name un1
                ip addr add fe80::77/64 dev un0 nodad
                ip link set un0 up; ip link set un1 up
                ip addr add 2001:2:0:70::1/64 dev tn0
                """);
        try (EchoRequester requester = stack.open()) {
            isRefused(requester.send(REQUEST));
            isRefused(requester.send(REQUEST));
            Namespace.OWN.run("ip addr add 2001:2:0:71::1/64 dev un0 nodad");
            Namespace.OWN.run(AWAIT_USABLE.replace("tn0", "un0"));
            assertThat(requester.send(REQUEST))
                    .isInstanceOf(EchoOutcome.TimedOut.class); // a router may lead back there
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV6", "RAW_IPV6"})
    @Covers(rules = "OUT-4", cases = "C139")
    void isKnownAtOnceToBeTentativeOrUsable(Stack stack) throws Exception {
        String usable = "ip -6 addr flush dev tn0; ip addr add 2001:2:0:70::1/64 dev tn0 nodad; " + AWAIT_USABLE;
        Namespace.OWN.run(usable);
        RoutedNetwork.awaitReply(stack, REQUEST.destination());
        try (EchoRequester requester = stack.open()) {
            for (int i = 0; i < 2; i++) {
                isReply(requester.send(REQUEST), REQUEST);
                Namespace.OWN.run("ip -6 addr flush dev tn0; ip addr add 2001:2:0:70::1/64 dev tn0");
                isRefused(requester.send(REQUEST));
                Namespace.OWN.run(usable);
            }
            isReply(requester.send(REQUEST), REQUEST);
        }
    }
}
