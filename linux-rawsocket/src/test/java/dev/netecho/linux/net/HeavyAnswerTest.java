// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.linux.LinuxOptions;
import dev.netecho.testkit.cases.Covers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Answers that take more of the receive buffer than their size says, as with drivers that hand over half a page for
 * each.
 */
@InPrivateNamespace
@Timeout(60)
final class HeavyAnswerTest {
    /**
     * Where answers to this address come in pieces of 64 bytes, each of which the kernel counts with all its overhead.
     */
    private static final String ROUTE = "local 127.3.0.0/16 dev lo table local mtu lock 88";

    private static final int BUFFER = 26_000;
    private static final int LEARNING = 200;
    private static final int AT_ONCE = 500;

    @BeforeEach
    void addRoute() {
        Tools.require("ip", "unshare", "nsenter");
        Namespace.OWN.run("ip route add " + ROUTE);
    }

    @AfterEach
    void deleteRoute() {
        Namespace.OWN.run("ip route del " + ROUTE);
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM_IPV4", "RAW_IPV4"})
    @Covers(rules = "LOAD-2")
    void overflowNothingOnceTheirWeightIsKnown(Stack stack) throws Exception {
        try (EchoRequester requester =
                stack.builder().option(LinuxOptions.RECEIVE_BUFFER, BUFFER).open()) {
            for (int i = 0; i < LEARNING; i++) {
                EchoRequest request = request(1);
                isReply(requester.send(request), request);
            }
            List<EchoRequest> requests = new ArrayList<>();
            for (int i = 0; i < AT_ONCE; i++) {
                requests.add(request(1 + i % 250));
            }
            List<EchoOutcome> outcomes = Outcomes.all(requester, requests);
            for (int i = 0; i < AT_ONCE; i++) {
                isReply(outcomes.get(i), requests.get(i));
            }
            assertThat(requester.statistics().droppedLocally()).hasValue(0);
        }
    }

    private static EchoRequest request(int host) {
        return Outcomes.to(Stack.literal("127.9.0." + host))
                .source(Stack.literal("127.3.0.1"))
                .payload(EchoPayload.ofSize(400))
                .build();
    }
}
