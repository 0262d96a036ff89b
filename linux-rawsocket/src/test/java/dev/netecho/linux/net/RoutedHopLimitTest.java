// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isError;
import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.IcmpErrorKind;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hop limits through a router. */
@InPrivateNamespace
@Timeout(60)
final class RoutedHopLimitTest {
    private static final int COUNT = 1_000;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"REQ-1", "ERR-1"},
            cases = {"C9", "C25", "C45", "C46"})
    void everyRequestHasItsOwnHopLimitAndItsOwnOutcome(Stack stack) throws Exception {
        List<EchoRequest> requests = new ArrayList<>();
        for (int i = 0; i < COUNT; i++) {
            requests.add(to(stack.address(RoutedNetwork.LIVE, 1 + i % 250))
                    .options(EchoOptions.DEFAULT.withHopLimit(expires(i) ? 1 : 64))
                    .build());
        }
        try (EchoRequester requester = stack.open()) {
            List<EchoOutcome> outcomes = Outcomes.all(requester, requests);

            for (int i = 0; i < COUNT; i++) {
                EchoRequest request = requests.get(i);
                if (expires(i)) {
                    isError(
                            outcomes.get(i),
                            request,
                            IcmpErrorKind.HOP_LIMIT_EXCEEDED,
                            stack.either(11, 3),
                            0,
                            stack.address(RoutedNetwork.PROBER_LINK, RoutedNetwork.ROUTER_HOST));
                } else {
                    // 64 at the target, one less behind the router.
                    assertThat(isReply(outcomes.get(i), request).hopLimit()).hasValue(63);
                }
            }
            assertThat(requester.statistics().icmpErrors()).isEqualTo(COUNT / 2);
            assertThat(requester.statistics().replies()).isEqualTo(COUNT / 2);
        }
    }

    /** Every second one; shifted now and then, so that a host is asked both ways. */
    private static boolean expires(int index) {
        return (index + index / 250) % 2 == 0;
    }
}
