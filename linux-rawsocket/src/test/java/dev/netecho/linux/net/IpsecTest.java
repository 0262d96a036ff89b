// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isNotSent;
import static dev.netecho.linux.net.Outcomes.isReply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.libc.Errno;
import dev.netecho.testkit.cases.Covers;
import java.io.File;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Policies of this host that want ESP, without a security association: the kernel discards, and tells no socket. */
@InPrivateNamespace
@Timeout(60)
final class IpsecTest {
    private static final String LARVAL_DROP = "/proc/sys/net/core/xfrm_larval_drop";

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    @BeforeAll
    static void require() {
        Assumptions.assumeTrue(new File("/proc/net/xfrm_stat").exists(), "needs a kernel that counts what IPsec does");
    }

    @AfterEach
    void flush() {
        Namespace.OWN.run("ip xfrm policy flush");
    }

    private static void policy(String direction, String end, InetAddress host) {
        Namespace.OWN.run("ip xfrm policy add dir " + direction + " " + end + " " + host.getHostAddress()
                + " tmpl proto esp mode transport");
    }

    private static boolean isSuspected(EchoOutcome outcome) {
        assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
        return ((EchoOutcome.TimedOut) outcome).localDropsSuspected();
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "LOAD-4", cases = "C112")
    void whatIpsecDiscardsIsSuspected(Stack stack) throws Exception {
        EchoRequest request = EchoRequest.newBuilder(stack.own(RoutedNetwork.LIVE, 70))
                .timeout(Duration.ofMillis(150))
                .build();
        EchoRequest silent = EchoRequest.newBuilder(stack.own(RoutedNetwork.BLACKHOLE_ROUTE, 70))
                .timeout(Duration.ofMillis(150))
                .build();
        try (EchoRequester requester = stack.open()) {
            isReply(requester.send(request), request);
            assertThat(isSuspected(requester.send(silent))).isFalse();
            policy("out", "dst", request.destination());
            assertThat(isSuspected(requester.send(request))).as("request").isTrue();
            Namespace.OWN.run("ip xfrm policy flush");
            isReply(requester.send(request), request);
            policy("in", "src", request.destination());
            assertThat(isSuspected(requester.send(request))).as("answer").isTrue();
            assertThat(isSuspected(requester.send(silent))).isFalse();
        }
    }

    /**
     * The kernel lets a hundred packets wait for the association, and then says EAGAIN for this destination, except on
     * ping sockets of IPv6.
     */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "LOAD-3", cases = "C112")
    void whatWaitsForAnAssociationHoldsUpNoOther(Stack stack) throws Exception {
        EchoRequest blocked = EchoRequest.newBuilder(stack.own(RoutedNetwork.LIVE, 90))
                .timeout(Duration.ofMillis(700))
                .build();
        EchoRequest other = EchoRequest.newBuilder(stack.own(RoutedNetwork.LIVE, 94))
                .timeout(Duration.ofMillis(700))
                .build();
        Assumptions.assumeTrue(
                new File(LARVAL_DROP).exists(), "a user namespace has no " + LARVAL_DROP + " to change: needs root");
        Namespace.OWN.run("echo 0 >" + LARVAL_DROP);
        policy("out", "dst", blocked.destination());
        List<EchoOutcome> others = Collections.synchronizedList(new ArrayList<>());
        List<EchoOutcome> told = Collections.synchronizedList(new ArrayList<>());
        CountDownLatch ended = new CountDownLatch(600);
        AtomicInteger first = new AtomicInteger(300);
        try (EchoRequester requester = stack.open()) {
            for (int i = 0; i < 300; i++) {
                requester.sendAsync(blocked, (request, outcome) -> {
                    if (outcome instanceof EchoOutcome.NotSent) {
                        first.accumulateAndGet(others.size(), Math::min);
                        told.add(outcome);
                    }
                    ended.countDown();
                });
                requester.sendAsync(other, (request, outcome) -> {
                    others.add(outcome);
                    ended.countDown();
                });
            }
            assertThat(ended.await(30, TimeUnit.SECONDS)).isTrue();
        } finally {
            Namespace.OWN.run("echo 1 >/proc/sys/net/core/xfrm_larval_drop");
        }
        others.forEach(outcome -> isReply(outcome, other));
        told.forEach(outcome -> isNotSent(outcome, blocked, NotSentReason.OVERLOADED, Errno.EAGAIN));
        assertThat(first).as("others that did not wait for the blocked ones").hasValue(300);
        if (stack == Stack.DATAGRAM_IPV6) {
            assertThat(told).isEmpty();
        } else {
            assertThat(told).isNotEmpty();
        }
    }
}
