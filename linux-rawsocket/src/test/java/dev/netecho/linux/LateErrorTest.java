// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** An ICMP error that comes when its request has ended, and the next request to that host is in flight. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class LateErrorTest {
    private static final InetAddress HOST = Loopback.address("127.0.0.66");
    private static final InetAddress ROUTER = Loopback.address("127.0.0.99");
    private static final EchoPayload OWN =
            EchoPayload.of("a payload of the caller's own".getBytes(StandardCharsets.US_ASCII));

    /** The quote holds the older request's token, which the younger payload does not have. */
    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"ERR-1", "TIM-5"},
            cases = "C59")
    void doesNotEndALaterRequestWithAPayloadOfTheCaller(EngineVariant variant) throws Exception {
        try (EchoRequester requester = variant.open();
                Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            CompletableFuture<EchoOutcome> first = requester.sendAsync(Loopback.request(HOST, Duration.ofMillis(20)));
            WirePacket older = peer.nextRequest();
            assertThat(first.join()).isInstanceOf(EchoOutcome.TimedOut.class);
            CompletableFuture<EchoOutcome> second = requester.sendAsync(EchoRequest.newBuilder(HOST)
                    .timeout(Duration.ofHours(1))
                    .payload(OWN)
                    .build());
            WirePacket younger = peer.nextRequest();

            peer.send(ROUTER, older.source(), IcmpPackets.error(11, 0, 0, older.quote()));
            peer.answer(younger, younger.reply());

            EchoOutcome.Reply reply = Outcomes.reply(second.join());
            assertThat(reply.payload()).isEqualTo(OWN);
            assertThat(requester.statistics().icmpErrors()).isZero();
            Await.until("the error is counted", () -> {
                long late = requester.statistics().late().orElse(-1);
                return late + requester.statistics().unmatched().orElse(-1) == 1;
            });
        }
    }
}
