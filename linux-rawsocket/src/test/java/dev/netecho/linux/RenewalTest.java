// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.testkit.cases.Covers;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A socket that makes way for another one. */
@InPrivateNamespace
@Timeout(60)
@SuppressWarnings("try") // what is closed is not used
final class RenewalTest {
    private static final Duration PERIOD = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(40);

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "MAT-5", cases = "C142")
    void whatIsInFlightIsAnsweredAndTheOldSocketIsClosed(EngineVariant variant) throws Exception {
        try (Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false);
                EchoRequester requester = variant.builder()
                        .option(LinuxOptions.IDENTIFIER_PERIOD, PERIOD)
                        .open()) {
            CompletableFuture<EchoOutcome> early = requester.sendAsync(Loopback.request(Loopback.V4, PATIENCE));
            WirePacket asked = peer.nextRequest();
            int sockets = sockets(variant);
            int second = untilRenewed(requester, peer, asked.identifier());
            assertThat(sockets(variant)).isEqualTo(sockets + 1);
            untilRenewed(requester, peer, second); // what waits long delays no renewal
            assertThat(sockets(variant)).isEqualTo(sockets + 2);
            assertThat(early).isNotDone();

            peer.answer(asked, asked.reply());
            Outcomes.reply(early.join());
            peer.answer(asked, asked.reply());
            Await.until(
                    "a duplicate is known for one",
                    () -> requester.statistics().duplicates().orElse(-1) == 1);
            Await.until("the old socket is closed", () -> sockets(variant) == sockets);
        }
    }

    private static int untilRenewed(EchoRequester requester, RawPeer peer, int known) {
        int identifier = known;
        long end = System.nanoTime() + PATIENCE.toNanos() / 4;
        while (identifier == known && System.nanoTime() - end < 0) {
            CompletableFuture<EchoOutcome> more = requester.sendAsync(Loopback.request(Loopback.V4, PATIENCE));
            WirePacket next = peer.nextRequest();
            identifier = next.identifier();
            peer.answer(next, next.reply());
            Outcomes.reply(more.join());
        }
        assertThat(identifier).as("a new identifier").isNotEqualTo(known);
        return identifier;
    }

    private static int sockets(EngineVariant variant) {
        return variant == EngineVariant.RAW
                ? RawPeer.rawSockets(false)
                : (int) Loopback.read(Path.of("/proc/net/icmp")).lines().count();
    }
}
