// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.netty.NettyOptions;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.SingleThreadEventExecutor;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * However much is submitted, the loop gets few wake-ups for it and has time for what else it is asked to do; when
 * nothing is, none.
 */
@EngineTest
// Flood and silence last as long as their blocks, which have no use for their names.
@SuppressWarnings("try")
final class WakeUpTest {
    private static final Duration FLOOD = Duration.ofSeconds(1);
    private static final int FEW_TASKS = 1_000;

    @ParameterizedTest
    @EnumSource
    void leavesALentLoopFreeForItsOwner(EngineVariant variant) throws Exception {
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        SingleThreadEventExecutor loop = (SingleThreadEventExecutor) group.next();
        EchoRequester requester =
                variant.builder().option(NettyOptions.EVENT_LOOP_GROUP, group).open();
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
    @EnumSource(names = "RAW")
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

    @ParameterizedTest
    @EnumSource
    void anIdleRequesterNeverWakesUp(EngineVariant variant) throws Exception {
        Set<Path> before = tasks();
        try (EchoRequester requester = variant.open()) {
            assertThat(requester
                            .send(Loopback.request(Loopback.V4, Duration.ofMillis(300)))
                            .isReply())
                    .isTrue();
            List<Path> loops = new ArrayList<>(tasks());
            loops.removeAll(before);
            loops.removeIf(task -> !name(task).startsWith("icmp-echo-"));
            assertThat(loops).hasSize(1);
            // The timer of the request may still fire, once.
            Await.within(Duration.ofMillis(600), () -> false);
            long settled = sleeps(loops.get(0));

            Await.within(Duration.ofMillis(2_500), () -> false);

            assertThat(sleeps(loops.get(0))).isEqualTo(settled);
        }
    }

    private static Set<Path> tasks() throws IOException {
        try (Stream<Path> tasks = Files.list(Path.of("/proc/self/task"))) {
            return tasks.collect(Collectors.toSet());
        }
    }

    private static String name(Path task) {
        try {
            return Files.readString(task.resolve("comm"));
        } catch (IOException e) {
            return ""; // it has ended
        }
    }

    /** How often a thread went to sleep by itself. */
    private static long sleeps(Path task) {
        try {
            return Files.readAllLines(task.resolve("status")).stream()
                    .filter(line -> line.startsWith("voluntary_ctxt_switches:"))
                    .mapToLong(line ->
                            Long.parseLong(line.substring(line.indexOf(':') + 1).strip()))
                    .sum();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Duration timeToClose(EchoRequester requester) {
        long before = System.nanoTime();
        requester.close();
        return Duration.ofNanos(System.nanoTime() - before);
    }
}
