// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.NotSentReason;
import dev.netecho.linux.netty.NettyOptions;
import dev.netecho.testkit.cases.Covers;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** A requester on the event-loop group of an agent. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class LentEventLoopGroupTest {
    private static final Duration NEVER = Duration.ofHours(1);

    @Parameter
    EngineVariant variant;

    private final IoEventLoopGroup group = new MultiThreadIoEventLoopGroup(2, EpollIoHandler.newFactory());

    @AfterEach
    void shutDown() {
        shutDown(group);
    }

    private static void shutDown(IoEventLoopGroup group) {
        assertThat(group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS))
                .isTrue();
    }

    @Test
    void runsThereAndLeavesItRunning() throws Exception {
        AtomicReference<Thread> thread = new AtomicReference<>();
        for (int i = 0; i < 3; i++) {
            try (EchoRequester requester = lent(group)) {
                Outcomes outcomes = new Outcomes(300);
                for (int k = 0; k < 300; k++) {
                    int number = k;
                    requester.sendAsync(Loopback.request(Loopback.numbered(k), NEVER), (request, outcome) -> {
                        thread.set(Thread.currentThread());
                        outcomes.record(number, outcome);
                    });
                }
                outcomes.await().forEach(Outcomes::reply);
                assertThat(LeakCheck.threads()).as("no thread of our own").isEmpty();
                assertThat(thread.get().getName()).doesNotStartWith("icmp-echo-");
            }
            assertThat(group.isShuttingDown()).isFalse();
        }
        assertThat(group.submit(() -> "works").get(10, TimeUnit.SECONDS)).isEqualTo("works");
    }

    @Test
    @Covers(rules = "END-3", cases = "C126")
    void completesWhatIsOutstandingWhenTheGroupIsShutDownFirst() throws Exception {
        EchoRequester requester = lent(group);
        Outcomes outcomes = new Outcomes(500);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < 500; i++) {
                requester.sendAsync(
                        Loopback.request(i % 2 == 0 ? Loopback.numbered(i) : Loopback.V6, NEVER), outcomes.listener(i));
            }
            Await.until("all are in flight", () -> requester.statistics().inFlight() == 500);
            shutDown(group);
            List<EchoOutcome> all = outcomes.await();
            all.forEach(outcome -> Outcomes.assertNotSent(outcome, NotSentReason.CLOSED));
        }
        Outcomes.assertNotSent(requester.send(Loopback.request(Loopback.V4, NEVER)), NotSentReason.CLOSED);
        requester.close();
        requester.close();
    }

    @Test
    @Covers(rules = "END-3", cases = "C126")
    void releasesEverythingIfTheGroupIsShutDownDuringOpen() throws Exception {
        shutDown(group);
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        for (int i = 0; i < 30; i++) {
            IoEventLoopGroup brief = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
            EchoRequester requester = lent(brief);
            shutDown(brief);
            Outcomes.assertNotSent(requester.send(Loopback.request(Loopback.V4, NEVER)), NotSentReason.CLOSED);
            requester.close();
            Await.until(
                    "nothing is left in round " + i,
                    () -> LeakCheck.Snapshot.now().isNotMoreThan(before));
        }
    }

    @Test
    void opensAgainOnANewGroupAfterTheOldOneIsGone() throws Exception {
        EchoRequester dead = lent(group);
        shutDown(group);
        IoEventLoopGroup next = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        try (EchoRequester requester = lent(next)) {
            Outcomes.reply(requester.send(Loopback.request(Loopback.V4, NEVER)));
        } finally {
            dead.close();
            shutDown(next);
        }
    }

    @Test
    void refusesAGroupThatCannotRunItAndSaysWhichCould() {
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        IoEventLoopGroup nio = new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());
        try {
            assertThat(catchThrowable(() -> lent(nio).close()))
                    .hasMessageContaining("does not run epoll handles")
                    .hasMessageContaining("EpollIoHandler.newFactory()");
        } finally {
            shutDown(nio);
        }
        Await.until("nothing is left", () -> LeakCheck.Snapshot.now().isNotMoreThan(before));
    }

    @Test
    void refusesAGroupThatIsShutDown() {
        shutDown(group);
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        assertThat(catchThrowable(() -> lent(group).close()))
                .hasMessageContaining("event-loop group")
                .hasMessageContaining("shut down");
        assertThat(LeakCheck.Snapshot.now().isNotMoreThan(before))
                .as("before %s, after %s", before, LeakCheck.Snapshot.now())
                .isTrue();
    }

    private EchoRequester lent(IoEventLoopGroup to) throws Exception {
        return variant.builder().option(NettyOptions.EVENT_LOOP_GROUP, to).open();
    }
}
