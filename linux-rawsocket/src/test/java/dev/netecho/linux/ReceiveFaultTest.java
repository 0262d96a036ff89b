// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoListener;
import dev.netecho.EchoOption;
import dev.netecho.EchoOutcome;
import dev.netecho.linux.netty.NettyOptions;
import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoEngine;
import dev.netecho.testkit.backend.LoneEcho;
import dev.netecho.testkit.backend.StrayCounts;
import dev.netecho.testkit.cases.Covers;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The library itself throws while the engine takes in what the kernel has for it: here the completion of every third
 * request, which core's own never does.
 */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
@ParameterizedClass(name = "{0}, on a lent loop: {1}")
@CsvSource({"DATAGRAM, false", "DATAGRAM, true", "RAW, false", "RAW, true"})
final class ReceiveFaultTest {
    private static final InetAddress ROUTER = Loopback.address("127.0.0.99");
    private static final Duration NEVER = Duration.ofHours(1);
    private static final int BATCHES = 5;
    private static final int COUNT = 300;

    /** What escapes to Netty's loop makes it sleep for a second. */
    private static final Duration STALL = Duration.ofSeconds(1);

    @Parameter(0)
    EngineVariant variant;

    @Parameter(1)
    boolean lent;

    private final EventLoopGroup group = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
    private EchoEngine engine;

    @BeforeEach
    void open() throws Exception {
        Map<EchoOption<?>, Object> options = lent ? Map.of(NettyOptions.EVENT_LOOP_GROUP, group) : Map.of();
        engine = variant.provider().open(new EchoConfig("icmp-echo-fault", options, new StrayCounts()));
    }

    @AfterEach
    void close() {
        engine.close();
        group.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(
            rules = {"OUT-1", "MAT-4"},
            cases = "C125")
    void repliesContinueAfterAnExceptionInOne(boolean ipv6) throws InterruptedException {
        for (int batch = 0; batch < BATCHES; batch++) {
            Faults faults = new Faults(COUNT);
            for (int i = 0; i < COUNT; i++) {
                faults.submit(i, ipv6 ? Loopback.V6 : Loopback.numbered(i), NEVER);
            }
            faults.outcomes.await().forEach(Outcomes::reply);
            faults.awaitThrown(COUNT / 3);
        }
        assertEngineIsPrompt();
    }

    @Test
    @Covers(
            rules = {"OUT-1", "MAT-4"},
            cases = "C125")
    void errorsContinueAfterAnExceptionInOne() throws InterruptedException {
        int count = 30;
        Faults faults = new Faults(count);
        try (Loopback.Silence silence = Loopback.silence();
                RawPeer peer = new RawPeer(false)) {
            for (int i = 0; i < count; i++) {
                faults.submit(i, Loopback.numbered(i), NEVER);
            }
            Set<InetAddress> asked = new HashSet<>();
            while (asked.size() < count) {
                WirePacket request = peer.nextRequest();
                if (asked.add(request.destination())) {
                    peer.send(ROUTER, request.source(), IcmpPackets.error(3, 1, 0, request.quote()));
                }
            }
            for (EchoOutcome outcome : faults.outcomes.await()) {
                assertThat(outcome).isInstanceOf(EchoOutcome.IcmpError.class);
            }
        }
        faults.awaitThrown(count / 3);
        assertEngineIsPrompt();
    }

    @Test
    @Covers(rules = "OUT-1", cases = "C125")
    void timeOutsContinueAfterAnExceptionInOne() throws InterruptedException {
        Faults faults = new Faults(COUNT);
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < COUNT; i++) {
                faults.submit(i, Loopback.numbered(i), Duration.ofMillis(50));
            }
            for (EchoOutcome outcome : faults.outcomes.await()) {
                assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
            }
        }
        faults.awaitThrown(COUNT / 3);
        assertEngineIsPrompt();
    }

    /** The best of a few: another process of this machine may hold up one of them. */
    private void assertEngineIsPrompt() throws InterruptedException {
        Duration best = NEVER;
        for (int i = 0; i < 5 && best.compareTo(STALL) >= 0; i++) {
            long before = System.nanoTime();
            Faults fault = new Faults(1);
            fault.submit(0, Loopback.V4, NEVER);
            fault.outcomes.await();
            Faults one = new Faults(2);
            one.submit(1, Loopback.V4, NEVER);
            one.submit(0, Loopback.V4, NEVER);
            one.outcomes.await().forEach(Outcomes::reply);
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            best = took.compareTo(best) < 0 ? took : best;
        }
        assertThat(best).isLessThan(STALL);
    }

    /** Takes the outcomes of numbered requests, and throws at every third of them. */
    private final class Faults {
        final AtomicInteger thrown = new AtomicInteger();
        final Outcomes outcomes;

        Faults(int count) {
            outcomes = new Outcomes(count);
        }

        /** An outcome is recorded a moment before its listener throws. */
        void awaitThrown(int count) {
            Await.until(count + " listeners have thrown", () -> thrown.get() == count);
        }

        void submit(int number, InetAddress to, Duration timeout) {
            EchoListener listener = outcomes.listener(number);
            AtomicInteger faults = number % 3 == 0 ? thrown : null;
            engine.submit(new LoneEcho(Loopback.request(to, timeout)) {
                @Override
                protected void onOutcome(EchoOutcome outcome, boolean wasSent) {
                    listener.onOutcome(request(), outcome);
                    if (faults != null && faults.incrementAndGet() % 2 == 0) {
                        throw new IllegalStateException("a fault of this test");
                    } else if (faults != null) {
                        throw new AssertionError("a fault of this test that is an Error");
                    }
                }
            });
        }
    }
}
