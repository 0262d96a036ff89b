// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One requester on several event loops. */
@EngineTest
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class EventLoopsTest {
    private static final int LOOPS = 3;
    private static final int HOSTS = 300;

    @Parameter
    EngineVariant variant;

    private EchoRequester open(int loops) throws EchoUnavailableException {
        return variant.builder().option(LinuxOptions.EVENT_LOOPS, loops).open();
    }

    @Test
    void shareTheDestinationsAndCountTogether() throws Exception {
        Set<String> threads = ConcurrentHashMap.newKeySet();
        Outcomes outcomes = new Outcomes(HOSTS);
        try (EchoRequester requester = open(LOOPS)) {
            for (int i = 0; i < HOSTS; i++) {
                int number = i;
                requester.sendAsync(
                        Loopback.request(Loopback.numbered(i), Duration.ofSeconds(10)), (asked, outcome) -> {
                            threads.add(Thread.currentThread().getName());
                            outcomes.record(number, outcome);
                        });
            }
            assertThat(outcomes.await()).allMatch(EchoOutcome::isReply);
            assertThat(threads).hasSize(LOOPS);
            assertThat(requester.statistics().sent()).isEqualTo(HOSTS);
            assertThat(requester.statistics().replies()).isEqualTo(HOSTS);
            assertThat(requester.statistics().inFlight()).isZero();
        }
        assertThat(Thread.getAllStackTraces().keySet().stream().map(Thread::getName))
                .doesNotContainAnyElementsOf(threads);
    }

    @Test
    void keepOneRateTogether() throws Exception {
        try (EchoRequester requester = variant.builder()
                .option(LinuxOptions.EVENT_LOOPS, LOOPS)
                .maxRate(1)
                .open()) {
            for (int i = 0; i < HOSTS; i++) {
                requester.sendAsync(
                        Loopback.request(Loopback.numbered(i), Duration.ofSeconds(10)), (asked, outcome) -> {});
            }
            Await.until("the first is sent", () -> requester.statistics().sent() > 0);
            Await.within(Duration.ofMillis(300), () -> requester.statistics().sent() > 1);
            assertThat(requester.statistics().sent()).isEqualTo(1);
        }
    }

    @Test
    void aRequestIsCancelledOnTheLoopThatHasIt() throws Exception {
        try (Loopback.Silence silence = Loopback.silence();
                EchoRequester requester = open(LOOPS)) {
            assertThat(silence).isNotNull();
            List<CompletableFuture<EchoOutcome>> asked = IntStream.range(0, HOSTS)
                    .mapToObj(i -> requester.sendAsync(Loopback.request(Loopback.numbered(i), Duration.ofDays(1))))
                    .toList();
            asked.forEach(future -> assertThat(future.cancel(false)).isTrue());
            assertThat(requester.statistics().inFlight()).isZero();
            assertThat(requester.statistics().notSent()).isEqualTo(HOSTS);
        }
    }

    @Test
    void listenersOnAllLoopsMayCloseAtOnce() throws Exception {
        EchoRequester requester = open(LOOPS);
        CountDownLatch closed = new CountDownLatch(HOSTS);
        long before = System.nanoTime();
        for (int i = 0; i < HOSTS; i++) {
            requester.sendAsync(Loopback.request(Loopback.numbered(i), Duration.ofSeconds(10)), (asked, outcome) -> {
                requester.close();
                closed.countDown();
            });
        }
        assertThat(closed.await(30, TimeUnit.SECONDS)).isTrue();
        assertThat(Duration.ofNanos(System.nanoTime() - before))
                .as("none waits the five seconds of a loop that does not end")
                .isLessThan(Duration.ofSeconds(4));
        requester.close();
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, 0, 65})
    void theirNumberIsCheckedAndNamed(int loops) {
        assertThatThrownBy(() -> open(loops).close())
                .hasStackTraceContaining("linux.eventLoops is " + loops + "; it must be 1 to 64");
    }
}
