// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** However much is submitted, the loop gets few wake-ups for it and has time for what else it is asked to do. */
@EngineTest
@SuppressWarnings("try") // flood and silence last as long as their blocks, which have no use for their names
final class WakeUpTest {
    private static final Duration FLOOD = Duration.ofSeconds(1);
    private static final int FEW_TASKS = 1_000;

    @ParameterizedTest
    @EnumSource(names = ".*_ON_NETTY", mode = EnumSource.Mode.MATCH_ALL)
    void leavesALentLoopFreeForItsOwner(EngineVariant variant) throws Exception {
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        SingleThreadEventExecutor loop = (SingleThreadEventExecutor) group.next();
        EchoRequester requester =
                variant.builder().option(LinuxOptions.EVENT_LOOP_GROUP, group).open();
        try {
            int most = 0;
            try (Flood flood = new Flood(requester)) {
                long end = System.nanoTime() + FLOOD.toNanos();
                while (System.nanoTime() - end < 0) {
                    most = Math.max(most, loop.pendingTasks());
                    Await.within(Duration.ofMillis(1), () -> false);
                }
                assertThat(flood.outcomes()).as("the flood runs").isGreaterThan(1_000);
                assertThat(loop.submit(() -> {}).await(2, TimeUnit.SECONDS))
                        .as("the owner's task ran within two seconds; at most %d were pending before it", most)
                        .isTrue();
            }
            assertThat(most).as("tasks pending at the loop").isLessThan(FEW_TASKS);
            assertThat(timeToClose(requester)).isLessThan(Duration.ofSeconds(2));
        } finally {
            requester.close();
            group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
        }
    }

    @ParameterizedTest
    @EnumSource(names = "RAW_.*", mode = EnumSource.Mode.MATCH_ALL)
    void closesOneRequesterWhileAnotherFloodsTheLoopTheyShare(EngineVariant variant) throws Exception {
        EchoRequester quiet = variant.open();
        EchoRequester busy = variant.open();
        try (Loopback.Silence silence = Loopback.silenceOfIpv6();
                Flood flood = new Flood(busy)) {
            CompletableFuture<EchoOutcome> outstanding =
                    quiet.sendAsync(Loopback.request(Loopback.V6, Duration.ofHours(1)));
            Await.until("it is in flight", () -> quiet.statistics().inFlight() == 1);
            Await.within(FLOOD, () -> false);
            assertThat(flood.outcomes()).as("the flood runs").isGreaterThan(1_000);

            Duration took = timeToClose(quiet);

            assertThat(outstanding)
                    .as("complete when close() returns, after %s", took)
                    .isCompleted();
            Outcomes.assertNotSent(outstanding.join(), NotSentReason.CLOSED);
            assertThat(took).isLessThan(Duration.ofSeconds(2));
            long before = flood.outcomes();
            Await.until("the flood goes on", () -> flood.outcomes() > before + 1_000);
        } finally {
            quiet.close();
            busy.close();
        }
    }

    private static Duration timeToClose(EchoRequester requester) {
        long before = System.nanoTime();
        requester.close();
        return Duration.ofNanos(System.nanoTime() - before);
    }
}
