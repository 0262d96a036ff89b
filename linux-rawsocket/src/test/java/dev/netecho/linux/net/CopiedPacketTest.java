// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static dev.netecho.linux.net.Outcomes.to;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A bridge of this host that knows no port for a packet sends a copy by each. The kernel stamps the last copy only,
 * which may leave after the one that is answered.
 */
@InPrivateNamespace
@Timeout(60)
final class CopiedPacketTest {
    private static final int PORTS = 400;

    private static final Duration SPAN = Duration.ofNanos(100_000);

    private static Namespace peer;

    @BeforeAll
    static void open() {
        Tools.require("ip", "unshare", "nsenter");
        peer = Namespace.create();
        // The last port is the first that a copy leaves by.
        Namespace.OWN.run("""
                ip link set lo up
                ip link add br0 type bridge
                for i in $(seq PORTS); do
                    echo "link add cp$i type veth peer name cq$i netns PEER"
                    echo "link set cp$i master br0 up"
                    echo "link set cp$i type bridge_slave learning off"
                done | ip -batch -
                echo 0 >/proc/sys/net/ipv6/conf/br0/accept_dad
                ip addr add 198.18.73.1/24 dev br0
                ip addr add 2001:2:0:73::1/64 dev br0 nodad
                ip link set br0 up
                """.replace("PORTS", Integer.toString(PORTS)).replace("PEER", peer.pid()));
        peer.run("""
                for i in $(seq PORTS); do echo "link set cq$i up"; done | ip -batch -
                ip addr add 198.18.73.2/24 dev cqPORTS
                ip addr add 2001:2:0:73::2/64 dev cqPORTS nodad
                """.replace("PORTS", Integer.toString(PORTS)));
    }

    @AfterAll
    static void close() {
        if (peer != null) {
            Namespace.OWN.run("ip link del br0");
            peer.close();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "TIM-3")
    void isAsUncertainAsItsCopiesAreMany(Stack stack) throws Exception {
        EchoRequest request = to(stack.address(73, 2)).build();
        RoutedNetwork.awaitReply(stack, request.destination());
        try (EchoRequester requester = stack.open()) {
            Duration most = Duration.ZERO;
            for (int i = 0; i < 10; i++) { // some are quicker than that
                Duration uncertainty = isReply(requester.send(request), request).roundTripUncertainty();
                most = uncertainty.compareTo(most) > 0 ? uncertainty : most;
            }
            assertThat(most).isGreaterThan(SPAN);
        }
    }
}
