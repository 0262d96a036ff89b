// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.netty.NettyOptions;
import dev.netecho.testkit.RecordedLog;
import dev.netecho.testkit.cases.Covers;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.util.concurrent.Future;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Closing while user code blocks the event loop: everybody else gets an outcome in time. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
final class BlockedLoopTest {
    private static final Duration NEVER = Duration.ofHours(1);

    /** Far below the five seconds after which close() gives up waiting for the thread. */
    private static final Duration IN_TIME = Duration.ofSeconds(2);

    private static final int OTHERS = 200;

    private final CountDownLatch letGo = new CountDownLatch(1);
    private final List<IoEventLoopGroup> groups = new ArrayList<>();

    @AfterEach
    void endGroups() {
        letGo.countDown();
        groups.forEach(group -> group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly());
    }

    private static void shutDown(IoEventLoopGroup group) {
        Future<?> unused = group.shutdownGracefully(0, 0, TimeUnit.SECONDS);
    }

    private IoEventLoopGroup group() {
        IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        groups.add(group);
        return group;
    }

    /** Blocks the thread that completes a request, until the test lets go. */
    private void block(EchoRequester requester, InetAddress destination) throws InterruptedException {
        CountDownLatch blocked = new CountDownLatch(1);
        requester.sendAsync(Loopback.request(destination, Duration.ofMillis(10)), (request, outcome) -> {
            blocked.countDown();
            await(letGo);
        });
        assertThat(blocked.await(10, TimeUnit.SECONDS)).isTrue();
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static CompletableFuture<Void> closing(EchoRequester requester) {
        return CompletableFuture.runAsync(requester::close, task -> new Thread(task, "closes").start());
    }

    private static void assertAllClosedInTime(List<CompletableFuture<EchoOutcome>> asked) {
        long end = System.nanoTime() + IN_TIME.toNanos();
        Await.within(IN_TIME, () -> asked.stream().allMatch(CompletableFuture::isDone));
        assertThat(asked.stream().filter(future -> !future.isDone()).count())
                .as("without an outcome after %s, %d ns late", IN_TIME, System.nanoTime() - end)
                .isZero();
        asked.forEach(future -> Outcomes.assertNotSent(future.join(), NotSentReason.CLOSED));
    }

    /** Some in flight, some still where callers leave them. */
    private static List<CompletableFuture<EchoOutcome>> ask(EchoRequester requester, int count) {
        List<CompletableFuture<EchoOutcome>> asked = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            asked.add(requester.sendAsync(Loopback.request(i % 2 == 0 ? Loopback.numbered(i) : Loopback.V6, NEVER)));
        }
        return asked;
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"END-2", "OUT-1", "OUT-5"},
            cases = {"C117", "C125"})
    void endsAllOthersWhileAListenerBlocks(EngineVariant variant) throws Exception {
        EchoRequester requester = variant.open();
        try (Loopback.Silence silence = Loopback.silence()) {
            List<CompletableFuture<EchoOutcome>> asked = ask(requester, OTHERS);
            Await.until("they are in flight", () -> requester.statistics().inFlight() == OTHERS);
            block(requester, Loopback.V4);
            asked.addAll(ask(requester, OTHERS));
            CompletableFuture<EchoOutcome> sending = new CompletableFuture<>();
            Thread sender = new Thread(() -> {
                try {
                    sending.complete(requester.send(Loopback.request(Loopback.V4, NEVER)));
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                }
            });
            sender.start();
            asked.add(sending);
            Await.until("it waits", () -> requester.statistics().queued() == OTHERS + 1);

            CompletableFuture<Void> closing = closing(requester);

            assertAllClosedInTime(asked);
            letGo.countDown();
            closing.get(10, TimeUnit.SECONDS);
            sender.join();
            assertThat(requester.statistics().inFlight()).isZero();
            assertThat(requester.statistics().queued()).isZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"END-2", "OUT-5"},
            cases = "C117")
    void endsAllOthersThoughTheListenersOfTheClosingBlockToo(EngineVariant variant) throws Exception {
        EchoRequester requester = variant.open();
        try (Loopback.Silence silence = Loopback.silence()) {
            block(requester, Loopback.V4);
            for (int i = 0; i < 3; i++) {
                requester.sendAsync(Loopback.request(Loopback.V4, NEVER), (request, outcome) -> await(letGo));
            }
            List<CompletableFuture<EchoOutcome>> asked = ask(requester, OTHERS);
            CompletableFuture<Void> closing = closing(requester);

            assertAllClosedInTime(asked);
            letGo.countDown();
            closing.get(10, TimeUnit.SECONDS);
        }
    }

    /** What a listener asks for is outstanding as well, and its outcome may be what the listener waits for. */
    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"END-2", "OUT-5"},
            cases = "C117")
    void endsWhatABlockingListenerHasAskedFor(EngineVariant variant) throws Exception {
        EchoRequester requester = variant.open();
        CountDownLatch inner = new CountDownLatch(1);
        CountDownLatch asked = new CountDownLatch(1);
        requester.sendAsync(Loopback.request(Loopback.V4, NEVER), (request, outcome) -> {
            requester.sendAsync(request, (again, ended) -> inner.countDown());
            asked.countDown();
            await(inner);
        });
        assertThat(asked.await(10, TimeUnit.SECONDS)).isTrue();
        closing(requester).get(4, TimeUnit.SECONDS);
        assertThat(inner.getCount()).isZero();
    }

    @ParameterizedTest
    @EnumSource(names = "RAW")
    @Covers(
            rules = {"END-2", "OUT-5"},
            cases = "C117")
    void oneRequesterOfASharedLoopEndsAlone(EngineVariant variant) throws Exception {
        EchoRequester leaving = variant.open();
        try (EchoRequester staying = variant.open();
                Loopback.Silence silence = Loopback.silenceOfIpv6()) {
            CompletableFuture<EchoOutcome> kept = staying.sendAsync(Loopback.request(Loopback.V6, NEVER));
            List<CompletableFuture<EchoOutcome>> asked = new ArrayList<>();
            for (int i = 0; i < OTHERS; i++) {
                asked.add(leaving.sendAsync(Loopback.request(Loopback.V6, NEVER)));
            }
            Await.until("they are in flight", () -> leaving.statistics().inFlight() == OTHERS);
            block(staying, Loopback.V4);
            asked.add(leaving.sendAsync(Loopback.request(Loopback.V4, NEVER)));
            CompletableFuture<EchoOutcome> queued = staying.sendAsync(Loopback.request(Loopback.V4, NEVER));

            CompletableFuture<Void> closing = closing(leaving);

            assertAllClosedInTime(asked);
            assertThat(kept).isNotDone();
            assertThat(queued).isNotDone();
            letGo.countDown();
            closing.get(10, TimeUnit.SECONDS);
            Outcomes.reply(queued.get(10, TimeUnit.SECONDS));
            Outcomes.reply(staying.send(Loopback.request(Loopback.V4, NEVER)));
            assertThat(kept).isNotDone();
            assertThat(staying.statistics().inFlight()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"END-2", "OUT-5"},
            cases = "C117")
    void endsAllThoughATaskOfItsOwnerBlocksALentLoop(EngineVariant variant) throws Exception {
        IoEventLoopGroup group = group();
        EchoRequester requester =
                variant.builder().option(NettyOptions.EVENT_LOOP_GROUP, group).open();
        try (Loopback.Silence silence = Loopback.silence()) {
            List<CompletableFuture<EchoOutcome>> asked = ask(requester, OTHERS);
            Await.until("they are in flight", () -> requester.statistics().inFlight() == OTHERS);
            CountDownLatch held = new CountDownLatch(1);
            group.execute(() -> {
                held.countDown();
                await(letGo);
            });
            assertThat(held.await(10, TimeUnit.SECONDS)).isTrue();
            asked.addAll(ask(requester, OTHERS));

            CompletableFuture<Void> closing = closing(requester);

            assertAllClosedInTime(asked);
            letGo.countDown();
            closing.get(10, TimeUnit.SECONDS);
        }
    }

    /** All at the same time, because each takes its five seconds. */
    @Test
    @Covers(
            rules = {"END-2", "OUT-5"},
            cases = "C117")
    void waitsFiveSecondsInAllHoweverManyLoopsAreBlocked() throws Exception {
        List<EchoRequester> requesters = new ArrayList<>();
        for (EngineVariant variant : EngineVariant.values()) {
            requesters.add(variant.open());
        }
        for (EchoRequester requester : requesters) {
            block(requester, Loopback.V4);
        }
        EchoRequester several = EngineVariant.DATAGRAM
                .builder()
                .option(LinuxOptions.EVENT_LOOPS, 4)
                .open();
        for (int i = 0, loops = 0; loops != 0b1111; i++) {
            InetAddress host = Loopback.numbered(i);
            int loop = LinuxEngine.loopOf(0, Loopback.request(host, NEVER).destinationLow(), 4);
            if ((loops & 1 << loop) == 0) {
                loops |= 1 << loop;
                block(several, host);
            }
        }
        requesters.add(several);
        EchoRequester lent = EngineVariant.DATAGRAM
                .builder()
                .option(NettyOptions.EVENT_LOOP_GROUP, group())
                .open();
        block(lent, Loopback.V4);
        requesters.add(lent);

        long before = System.nanoTime();
        List<CompletableFuture<Void>> closing =
                requesters.stream().map(BlockedLoopTest::closing).toList();
        for (CompletableFuture<Void> each : closing) {
            each.get(30, TimeUnit.SECONDS);
        }
        assertThat(Duration.ofNanos(System.nanoTime() - before)).isLessThan(Duration.ofSeconds(7));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    @Covers(
            rules = {"END-2", "END-3"},
            cases = {"C118", "C126"})
    void closingInAListenerNeverWaitsThoughTheLentLoopHasEnded(boolean busy) throws Exception {
        IoEventLoopGroup group = group();
        EchoRequester requester = EngineVariant.DATAGRAM
                .builder()
                .option(NettyOptions.EVENT_LOOP_GROUP, group)
                .open();
        CompletableFuture<Duration> took = new CompletableFuture<>();
        try (Loopback.Silence silence = Loopback.silence()) {
            requester.sendAsync(Loopback.request(Loopback.V4, NEVER), (request, outcome) -> {
                long before = System.nanoTime();
                requester.close();
                took.complete(Duration.ofNanos(System.nanoTime() - before));
            });
            Await.until("it is in flight", () -> requester.statistics().inFlight() == 1);
            if (busy) { // such a loop ends without telling its handles; another thread does
                group.execute(() -> {
                    shutDown(group);
                    Await.within(Duration.ofMillis(50), () -> false);
                });
            } else {
                shutDown(group);
            }
            assertThat(took.get(20, TimeUnit.SECONDS)).isLessThan(IN_TIME);
        }
    }

    /** All at the same time, because each takes a second or two. */
    @Test
    @Covers(
            rules = {"OUT-5", "OUT-7"},
            cases = "C125")
    void saysOnceWhoHoldsALoop() throws Exception {
        List<EchoRequester> requesters = new ArrayList<>();
        for (EngineVariant variant : EngineVariant.values()) {
            requesters.add(variant.open());
        }
        EchoRequester idle = EngineVariant.DATAGRAM.open();
        try (Loopback.Silence silence = Loopback.silence()) {
            requesters.add(idle);
            CompletableFuture<EchoOutcome> outstanding = idle.sendAsync(Loopback.request(Loopback.V4, NEVER));
            for (EchoRequester requester : requesters.subList(0, EngineVariant.values().length)) {
                block(requester, Loopback.V4);
            }
            for (EchoRequester requester : requesters.subList(0, EngineVariant.values().length)) {
                Await.until("it is logged", () -> !holds(requester).isEmpty());
            }
            Await.within(Duration.ofMillis(1_500), () -> false);
            for (EchoRequester requester : requesters.subList(0, EngineVariant.values().length)) {
                assertThat(holds(requester)).hasSize(1);
                assertThat(holds(requester).get(0).thrown().getStackTrace())
                        .as("the stack of the thread that is held")
                        .anyMatch(frame -> frame.getClassName().startsWith(BlockedLoopTest.class.getName()));
            }
            assertThat(holds(idle)).as("a loop that only waits").isEmpty();
            assertThat(outstanding).isNotDone();
        } finally {
            letGo.countDown();
            requesters.forEach(EchoRequester::close);
        }
    }

    private static List<RecordedLog.Line> holds(EchoRequester requester) {
        String name = requester.toString().replaceFirst("\\[.*", "");
        return RecordedLog.lines().stream()
                .filter(line -> line.text().startsWith(name + ": its event loop has made no progress"))
                .toList();
    }
}
