// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.TimestampSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The whole library, found as an agent finds it, on any Windows JVM. */
@WindowsTest
final class LoopbackTest {
    private static EchoRequester open() {
        try {
            return EchoRequester.open();
        } catch (EchoUnavailableException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void loopbackRepliesThroughTheProviderThatWasFound() throws InterruptedException {
        try (EchoRequester requester = open()) {
            assertThat(requester.provider()).isEqualTo("windows-iphlpapi");
            EchoOutcome outcome = requester.send(EchoRequest.to(Requests.address("127.0.0.1")));
            assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
            EchoOutcome.Reply reply = (EchoOutcome.Reply) outcome;
            assertThat(reply.timestampSource()).isEqualTo(TimestampSource.SYSTEM_MILLISECONDS);
            assertThat(reply.payloadIntact()).isTrue();
            assertThat(reply.hopLimit()).isPresent();
        }
    }

    @Test
    void ipv6LoopbackRepliesWhereTheSystemHasIt() throws InterruptedException {
        try (EchoRequester requester = open()) {
            EchoOutcome outcome = requester.send(EchoRequest.to(Requests.address("::1")));
            boolean has = requester.capabilities().contains(EchoCapability.IPV6);
            assertThat(outcome).isInstanceOf(has ? EchoOutcome.Reply.class : EchoOutcome.NotSent.class);
        }
    }

    @ParameterizedTest(name = "round {0}")
    @ValueSource(ints = {1, 2, 3})
    void openedAndClosedAgainItLeavesNoThread(int round) {
        for (int i = 0; i < 20; i++) {
            List<CompletableFuture<EchoOutcome>> all = new ArrayList<>();
            try (EchoRequester requester = open()) {
                for (int n = 0; n < 5 * round; n++) {
                    all.add(requester.sendAsync(EchoRequest.newBuilder(Requests.address("127.0.0.1"))
                            .timeout(Duration.ofSeconds(5))
                            .build()));
                }
            }
            assertThat(all)
                    .as("every request has its outcome when close() returns")
                    .allMatch(CompletableFuture::isDone);
            assertThat(Thread.getAllStackTraces().keySet())
                    .noneMatch(thread -> thread.getName().matches("icmp-echo-[0-9]+-loop"));
        }
    }
}
