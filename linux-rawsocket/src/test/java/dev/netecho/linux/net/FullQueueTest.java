// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A link that is slower than its caller: where the kernel says ENOBUFS or EAGAIN, no request suffers. */
@InPrivateNamespace
@Timeout(60)
final class FullQueueTest {
    private static final int COUNT = 2_000;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    /**
     * The queueing discipline has room for a few packets and drops what comes then.
     *
     * <p>The kernel keeps that to itself on two kinds of sockets: on ping sockets of IPv6 (net/ipv6/ping.c ignores the
     * result of sending), and on raw ones of IPv4 without IP_RECVERR (net/ipv4/raw.c turns ENOBUFS into success). There
     * a request may be lost before it has left, and its time-out says so; nothing else may happen to it.
     */
    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"LOAD-3", "LOAD-4"},
            cases = "C112")
    void aShortQueueThatDropsCostsNoRequestWhereTheKernelSaysSo(Stack stack) throws Exception {
        boolean hidden = stack == Stack.DATAGRAM_IPV6 || stack == Stack.RAW_IPV4;
        List<EchoRequest> requests = requests(stack, hidden ? 1 : 20);
        List<EchoOutcome> outcomes = throughASlowLink(stack, requests, "limit 3000");

        for (int i = 0; i < COUNT; i++) {
            if (!hidden || outcomes.get(i).isReply()) {
                isReply(outcomes.get(i), requests.get(i));
            } else {
                assertThat(outcomes.get(i))
                        .isInstanceOfSatisfying(
                                EchoOutcome.TimedOut.class,
                                silence -> assertThat(silence.localDropsSuspected())
                                        .isTrue());
            }
        }
    }

    /** The queue has room for all of them, but the socket's send buffer does not. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "LOAD-3", cases = "C112")
    void aLongQueueThatFillsTheSendBufferCostsNoRequest(Stack stack) throws Exception {
        List<EchoRequest> requests = requests(stack, 20);
        List<EchoOutcome> outcomes = throughASlowLink(stack, requests, "limit 10000000");

        for (int i = 0; i < COUNT; i++) {
            isReply(outcomes.get(i), requests.get(i));
        }
    }

    private static List<EchoRequest> requests(Stack stack, int seconds) {
        List<EchoRequest> requests = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            requests.add(EchoRequest.newBuilder(stack.address(RoutedNetwork.LIVE, 1 + i % 250))
                    .timeout(Duration.ofSeconds(seconds))
                    .build());
        }
        return requests;
    }

    private static List<EchoOutcome> throughASlowLink(Stack stack, List<EchoRequest> requests, String limit)
            throws Exception {
        Tools.require("tc");
        // 2,000 packets take a third of a second.
        Namespace.OWN.run("tc qdisc add dev np0 root tbf rate 6mbit burst 3000 " + limit);
        try (EchoRequester requester = stack.open()) {
            List<EchoOutcome> outcomes = Outcomes.all(requester, requests);
            assertThat(requester.statistics().notSent()).isZero();
            assertThat(requester.statistics().sent()).isEqualTo(COUNT);
            return outcomes;
        } finally {
            Namespace.OWN.run("tc qdisc del dev np0 root");
        }
    }
}
