// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;

/** A link whose queue takes no packet at all, for longer than any request waits: each still has its outcome in time. */
@InPrivateNamespace
@Timeout(60)
final class StaysFullQueueTest {
    private static final Stack STACK = Stack.DATAGRAM_IPV4;
    private static final Duration TIMEOUT = Duration.ofMillis(200);

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    private EchoRequester requester;

    @BeforeAll
    static void build() {
        Tools.require("tc");
        // What is longer than the bucket is dropped with ENOBUFS. The neighbour's ARP (42 bytes) gets through.
        Namespace.OWN.run("tc qdisc add dev np0 root tbf rate 8kbit burst 60 limit 120");
    }

    @BeforeEach
    void open() throws Exception {
        requester = STACK.open();
    }

    @AfterEach
    void close() {
        requester.close();
    }

    @Test
    @Covers(rules = "LOAD-3", cases = "C112", backends = "linux-datagram")
    void givesEveryRequestItsOutcomeBesideOtherTraffic() throws Exception {
        EchoRequest good = request(Stack.literal("127.0.0.1"));
        List<CompletableFuture<EchoOutcome>> refused = submit(5);
        List<CompletableFuture<EchoOutcome>> others = new ArrayList<>();
        long end = System.nanoTime() + Duration.ofSeconds(4).toNanos();
        while (System.nanoTime() - end < 0 && missing(refused) > 0) {
            CompletableFuture<EchoOutcome> next = requester.sendAsync(good);
            others.add(next);
            TimeUnit.MILLISECONDS.sleep(5); // the pace of the other traffic
        }

        assertThat(missing(refused))
                .as("without outcome beside %d others", others.size())
                .isZero();
        assertNoneReplied(refused);
        assertThat(missingAfter(others, Duration.ofSeconds(4)))
                .as("others without outcome")
                .isZero();
        assertThat(others.stream().filter(other -> other.join().isReply()))
                .as("replies of others")
                .isNotEmpty();
    }

    @Test
    @Covers(rules = "LOAD-3", cases = "C112", backends = "linux-datagram")
    void givesAThousandAtOnceTheirOutcomes() throws Exception {
        List<CompletableFuture<EchoOutcome>> refused = submit(1_000);

        assertThat(missingAfter(refused, Duration.ofSeconds(3)))
                .as("without outcome")
                .isZero();
        assertNoneReplied(refused);
        assertThat(requester.statistics().queued()).isZero();
        assertThat(requester.statistics().inFlight()).isZero();
    }

    private List<CompletableFuture<EchoOutcome>> submit(int count) {
        List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            futures.add(requester.sendAsync(request(STACK.address(RoutedNetwork.LIVE, 1 + i % 250))));
        }
        return futures;
    }

    private static EchoRequest request(InetAddress destination) {
        return EchoRequest.newBuilder(destination).timeout(TIMEOUT).build();
    }

    private static long missing(List<CompletableFuture<EchoOutcome>> futures) {
        return futures.stream().filter(future -> !future.isDone()).count();
    }

    private static long missingAfter(List<CompletableFuture<EchoOutcome>> futures, Duration patience)
            throws InterruptedException {
        long end = System.nanoTime() + patience.toNanos();
        while (missing(futures) > 0 && System.nanoTime() - end < 0) {
            TimeUnit.MILLISECONDS.sleep(2);
        }
        return missing(futures);
    }

    private static void assertNoneReplied(List<CompletableFuture<EchoOutcome>> futures) {
        assertThat(futures)
                .allSatisfy(future -> assertThat(future.join())
                        .isInstanceOfAny(EchoOutcome.NotSent.class, EchoOutcome.TimedOut.class));
    }
}
