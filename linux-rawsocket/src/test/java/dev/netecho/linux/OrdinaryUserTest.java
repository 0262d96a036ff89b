// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a process without privileges may ask for, seen by the host that it asks. */
@InPrivateNamespace
@Timeout(180)
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class OrdinaryUserTest {
    private static final InetAddress ROUTER = Loopback.address("127.0.0.99");

    @ParameterizedTest
    @EnumSource(value = EngineVariant.class, names = "DATAGRAM")
    @Covers(rules = "REQ-2", cases = "C100")
    void isGivenEveryOptionButTheMark(EngineVariant variant) throws Exception {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("netecho.test.namespace")),
                "only root can start the child as another user");
        ChildJvm.Result child;
        try (Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            ExecutorService executor = Executors.newSingleThreadExecutor();
            try {
                Future<ChildJvm.Result> running = executor.submit(() -> ChildJvm.runReadable(
                        List.of("setpriv", "--reuid", "65534", "--regid", "65534", "--clear-groups"),
                        OrdinaryOptionsProgram.class.getName(),
                        variant.name()));
                Await.until("the child asks, or has ended", () -> answerNext(peer) || running.isDone());
                Await.until("the child asks again, or has ended", () -> answerNext(peer) || running.isDone());
                child = running.get();
            } finally {
                executor.shutdownNow();
            }
            assertThat(restOf(peer)).as("nothing leaves without its mark").isEmpty();
        }
        assertThat(child.status()).as(child.output()).isZero();
        List<String> lines = child.output().lines().toList();
        assertThat(lines.get(0))
                .isEqualTo("buffer of " + OrdinaryOptionsProgram.SMALL_BUFFER + ": "
                        + 2 * OrdinaryOptionsProgram.SMALL_BUFFER);
        assertThat(Integer.parseInt(lines.get(1).substring(lines.get(1).lastIndexOf(' ') + 1)))
                .as("cut to net.core.rmem_max, and no failure")
                .isBetween(2 * OrdinaryOptionsProgram.SMALL_BUFFER, (1 << 30) - 1);
        assertThat(lines.get(2)).isEqualTo("provider linux-datagram");
        assertThat(lines.get(3))
                .startsWith("Reply")
                .contains(OrdinaryOptionsProgram.HOST.getHostAddress(), "timestampSource=KERNEL", "hopLimit=");
        assertThat(lines.get(4)).startsWith("IcmpError").contains(ROUTER.getHostAddress(), "HOST_UNREACHABLE");
        assertThat(lines.get(5))
                .startsWith("mark: unavailable, ")
                .contains("setsockopt(SO_MARK, " + OrdinaryOptionsProgram.MARK + ")", "EPERM", "CAP_NET_ADMIN");
        assertThat(lines).hasSize(6);
    }

    /** Answers one request, if there is one, and checks what it looks like. */
    private static boolean answerNext(RawPeer peer) {
        WirePacket packet = peer.poll();
        if (packet == null || packet.type() != IcmpPackets.REQUEST4) {
            return false;
        }
        assertThat(packet.source()).isEqualTo(OrdinaryOptionsProgram.SOURCE);
        assertThat(packet.hopLimit()).isEqualTo(OrdinaryOptionsProgram.HOP_LIMIT);
        assertThat(packet.trafficClass()).isEqualTo(OrdinaryOptionsProgram.TRAFFIC_CLASS);
        assertThat(packet.dontFragment()).isTrue();
        if (packet.destination().equals(OrdinaryOptionsProgram.UNREACHABLE)) {
            peer.send(ROUTER, packet.source(), IcmpPackets.error(3, 1, 0, packet.quote()));
        } else {
            peer.answer(packet, packet.reply());
        }
        return true;
    }

    private static List<WirePacket> restOf(RawPeer peer) {
        return Stream.generate(peer::poll)
                .takeWhile(Objects::nonNull)
                .filter(packet -> packet.type() == IcmpPackets.REQUEST4)
                .toList();
    }
}
