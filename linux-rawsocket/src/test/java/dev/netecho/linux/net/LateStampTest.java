// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.net;

import static dev.netecho.linux.net.Outcomes.isReply;
import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.linux.Await;
import dev.netecho.linux.InPrivateNamespace;
import dev.netecho.testkit.cases.Covers;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadInfo;
import java.lang.management.ThreadMXBean;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A device that holds packets back stamps them long after the call that sent them. */
@InPrivateNamespace
@Timeout(60)
final class LateStampTest {
    private static final int COUNT = 6;

    @RegisterExtension
    static final RoutedNetwork network = new RoutedNetwork();

    /** The stamps are left in the error queue of the socket, which keeps epoll reporting it until they are read. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "TIM-3")
    void leavesTheTimeBeforeTheCallAndALoopThatRests(Stack stack) throws Exception {
        Tools.require("tc");
        // Packets of 112 and 132 bytes: the second waits for the first, and each of the others about 9 ms longer.
        Namespace.OWN.run("tc qdisc add dev np0 root tbf rate 100kbit burst 150 limit 100000");
        try (EchoRequester requester = stack.open()) {
            List<EchoRequest> requests = new ArrayList<>();
            List<CompletableFuture<EchoOutcome>> outcomes = new ArrayList<>();
            for (int i = 0; i < COUNT; i++) {
                int alone = i + 1;
                requests.add(Outcomes.to(stack.address(RoutedNetwork.LIVE, 1)).build());
                outcomes.add(requester.sendAsync(requests.get(i)));
                Await.until(
                        "request " + alone + " is sent by itself",
                        () -> requester.statistics().sent() == alone);
            }
            EchoOutcome.Reply last = null;
            for (int i = 0; i < COUNT; i++) {
                last = isReply(outcomes.get(i).get(20, TimeUnit.SECONDS), requests.get(i));
            }
            assertThat(last).isNotNull();
            assertThat(last.roundTripTime()).as("with the wait in the device").isGreaterThan(Duration.ofMillis(15));

            long loop = loopThread();
            ThreadMXBean threads = ManagementFactory.getThreadMXBean();
            long before = threads.getThreadCpuTime(loop);
            Await.within(Duration.ofMillis(500), () -> false);
            assertThat(Duration.ofNanos(threads.getThreadCpuTime(loop) - before))
                    .as("processor time of the loop in 500 ms without work")
                    .isLessThan(Duration.ofMillis(100));
        } finally {
            Namespace.OWN.run("tc qdisc del dev np0 root");
        }
    }

    private static long loopThread() {
        return Arrays.stream(ManagementFactory.getThreadMXBean().dumpAllThreads(false, false))
                .filter(thread -> thread.getThreadName().startsWith("icmp-echo-"))
                .mapToLong(ThreadInfo::getThreadId)
                .findFirst()
                .orElseThrow();
    }
}
