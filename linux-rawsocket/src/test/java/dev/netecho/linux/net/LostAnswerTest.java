// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.io.File;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The IP layer of this host discards an answer before any socket sees it: the host that sent it is not silent. */
@InPrivateNamespace
@Timeout(60)
final class LostAnswerTest {
    private static final Duration TIMEOUT = Duration.ofMillis(400);

    private static Namespace peer;

    @BeforeAll
    static void open() {
        Tools.require("ip", "unshare", "nsenter");
        peer = Namespace.create();
        Namespace.OWN.run("""
                ip link set lo up
                for i in 74 75; do
                    ip link add lo$i type veth peer name lp$i
                    ip link set lp$i netns PEER
                    ip addr add 198.18.$i.1/24 dev lo$i
                    ip addr add 2001:2:0:$i::1/64 dev lo$i nodad
                    ip link set lo$i up
                done
                """.replace("PEER", peer.pid()));
        peer.run("""
                for i in 74 75; do
                    ip addr add 198.18.$i.2/24 dev lp$i
                    ip addr add 2001:2:0:$i::2/64 dev lp$i nodad
                    ip link set lp$i up
                done
                """);
    }

    @AfterAll
    static void close() {
        if (peer != null) {
            Namespace.OWN.run("ip link del lo74; ip link del lo75");
            peer.close();
        }
    }

    private static void isSuspected(EchoOutcome outcome, boolean wanted) {
        assertThat(outcome)
                .isInstanceOfSatisfying(
                        EchoOutcome.TimedOut.class,
                        silent -> assertThat(silent.localDropsSuspected()).isEqualTo(wanted));
    }

    private static void filterByReversePath(boolean wanted) {
        Namespace.OWN.run(
                "for i in all lo74 lo75; do echo " + (wanted ? 1 : 0) + " >/proc/sys/net/ipv4/conf/$i/rp_filter; done");
    }

    /** The answer comes by the link of the source, the request went by another. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "LOAD-4")
    void theReversePathFilterIsSuspected(Stack stack) throws Exception {
        EchoRequest request = to(stack.address(74, 2))
                .source(stack.address(75, 1))
                .timeout(TIMEOUT)
                .build();
        EchoRequest silent = to(stack.address(74, 3)).timeout(TIMEOUT).build();
        filterByReversePath(false);
        RoutedNetwork.awaitReply(stack, request.destination());
        Namespace.OWN.run("ip neigh replace 198.18.74.3 lladdr 02:00:00:00:00:03 dev lo74");
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(request), request);
            filterByReversePath(true);
            isSuspected(requester.send(request), true);
            isSuspected(requester.send(silent), false);
        } finally {
            filterByReversePath(false);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "LOAD-4")
    void aLackOfMemoryForFragmentsIsSuspected(Stack stack) throws Exception {
        String limits = stack.either("/proc/sys/net/ipv4/ipfrag_", "/proc/sys/net/ipv6/ip6frag_");
        assumeTrue(new File(limits + "high_thresh").exists(), "a user namespace may not change the limit of fragments");
        EchoRequest request = to(stack.address(74, 2))
                .payload(EchoPayload.ofSize(9_000))
                .timeout(TIMEOUT)
                .build();
        RoutedNetwork.awaitReply(stack, request.destination());
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(request), request);
            Namespace.OWN.run(
                    "cd /proc/sys/net; echo 1 >" + limits + "low_thresh; echo 4000 >" + limits + "high_thresh");
            isSuspected(requester.send(request), true);
        } finally {
            Namespace.OWN.run("echo 4194304 >" + limits + "high_thresh; echo 3145728 >" + limits + "low_thresh");
        }
    }
}
