// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.linux.Await;
import dev.netecho.linux.EngineTest;
import dev.netecho.linux.LeakCheck;
import dev.netecho.testkit.cases.Covers;
import dev.netecho.testkit.cases.TestedBackend;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Memory ends at the n-th step of the engine that needs some, for every n: once, or from there on until it is given
 * back. The hosts are alive, so whatever is said of them but "reply" or "not sent, for lack of memory" is a lie.
 */
@EngineTest
@Timeout(60)
final class AllocationFaultTest {
    private static final Duration TIMEOUT = Duration.ofMillis(500);
    private static final String NO_ROUTE = "10.9.8.7";
    private static final Duration PATIENT = Duration.ofSeconds(5);

    /** An engine that spins makes a hundred times as many. */
    private static final long MOST_CALLS = 2_000;

    private static final InterposedClasses CLASSES = new InterposedClasses(true);

    enum Variant implements TestedBackend {
        DATAGRAM,
        DATAGRAM_ON_LENT_LOOP,
        RAW,
        RAW_ON_LENT_LOOP;

        boolean isRaw() {
            return this == RAW || this == RAW_ON_LENT_LOOP;
        }

        @Override
        public String backend() {
            return isRaw() ? "linux-raw" : "linux-datagram";
        }

        EchoRequester open() throws Exception {
            EchoRequester.Builder builder = EchoRequester.newBuilder().provider(CLASSES.provider(isRaw()));
            if (this == DATAGRAM_ON_LENT_LOOP || this == RAW_ON_LENT_LOOP) {
                builder.option(CLASSES.<EventLoopGroup>option("EVENT_LOOP_GROUP"), lent);
            }
            return builder.open();
        }
    }

    private static IoEventLoopGroup lent;

    @BeforeAll
    static void lend() throws InterruptedException {
        lent = new MultiThreadIoEventLoopGroup(1, EpollIoHandler.newFactory());
        lent.submit(() -> {}).sync();
    }

    @AfterAll
    static void shutDown() {
        lent.shutdownGracefully(0, 5, TimeUnit.SECONDS).awaitUninterruptibly(10, TimeUnit.SECONDS);
    }

    @AfterEach
    void disarm() {
        Allocations.disarm();
        SystemCalls.disarm();
    }

    @ParameterizedTest
    @EnumSource
    @Covers(
            rules = {"OUT-1", "OUT-4", "END-2"},
            cases = "C125")
    void inFlight(Variant variant) throws Exception {
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        long bytes = CLASSES.nativeBytes();
        long steps = steps(variant);
        Random random = seeded();
        for (long n = 1; n <= steps; n++) {
            strike(variant, n, random.nextInt(3) == 0 ? Long.MAX_VALUE - steps : 1);
        }
        CLASSES.assertNothingLeft(before, bytes);
    }

    /** The own loop waits outside every round, and so outside the fence around one. */
    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "RAW"})
    @Covers(
            rules = {"OUT-1", "OUT-4"},
            cases = "C125")
    void inTheWaitForPackets(Variant variant) throws Exception {
        Fault fault = new Fault("epoll_pwait2", Fault.NO_MEMORY, 5);
        try (EchoRequester requester = variant.open()) {
            SystemCalls.arm(fault);
            assertThat(requester.send(request(address("127.0.0.1")).build())).isInstanceOf(EchoOutcome.Reply.class);
            assertThat(Await.within(PATIENT, () -> fault.given() == 5)).isTrue();
            assertThat(requester.send(request(address("127.0.0.1")).build())).isInstanceOf(EchoOutcome.Reply.class);
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"DATAGRAM", "RAW"})
    @Covers(
            rules = {"OUT-1", "END-2"},
            cases = "C125")
    void inEveryWaitUntilItIsClosed(Variant variant) throws Exception {
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        long bytes = CLASSES.nativeBytes();
        AtomicReference<EchoOutcome> outcome = new AtomicReference<>();
        EchoRequester requester = variant.open();
        try {
            long calls = SystemCalls.count();
            SystemCalls.arm(new Fault("epoll_pwait2", Fault.NO_MEMORY, Fault.FOR_EVER));
            requester.sendAsync(request(address("127.0.0.1")).build(), (asked, ended) -> outcome.set(ended));
            assertThat(Await.within(PATIENT, () -> outcome.get() != null)).isTrue();
            assertThat(SystemCalls.count() - calls).as("calls").isLessThan(MOST_CALLS);
        } finally {
            requester.close();
        }
        CLASSES.assertNothingLeft(before, bytes);
    }

    /** An opening that fails, at whatever step, gives back what it has: native memory, descriptors, threads. */
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "END-2", cases = "C125")
    void atOpen(Variant variant) throws Exception {
        variant.open().close(); // loads and links what stays
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        long bytes = CLASSES.nativeBytes();
        Allocations.arm(Long.MAX_VALUE - 1, 1);
        variant.open().close();
        Allocations.disarm();
        long steps = Allocations.taken();
        for (long n = 1; n <= steps; n++) {
            openWithout(variant, n);
            try {
                CLASSES.assertNothingLeft(before, bytes);
            } catch (AssertionError e) {
                String what = variant + ", step " + n + " of " + steps + ": " + e.getMessage();
                throw new AssertionError(what, Allocations.injected());
            }
        }
    }

    private static void openWithout(Variant variant, long step) throws Exception {
        Allocations.arm(step, 1);
        try (EchoRequester requester = variant.open()) {
            Allocations.disarm();
            assertThat(requester.send(request(address("127.0.0.1")).build())).isInstanceOf(EchoOutcome.Reply.class);
        } catch (EchoUnavailableException | OutOfMemoryError e) {
            Allocations.disarm();
            assertThat(e).hasStackTraceContaining("injected");
        }
    }

    private static Random seeded() {
        long seed = Long.getLong("netecho.test.faults.seed", System.nanoTime());
        System.err.println("allocation faults: seed " + seed);
        return new Random(seed);
    }

    private static long steps(Variant variant) throws Exception {
        try (EchoRequester requester = variant.open()) {
            Allocations.arm(Long.MAX_VALUE - 1, 1);
            Asked asked = new Asked(requester);
            asked.await("nothing fails");
            Allocations.disarm();
            return Allocations.taken();
        }
    }

    private static void strike(Variant variant, long n, long count) throws Exception {
        String what = variant + ", step " + n + (count == 1 ? "" : " and all after it");
        try (EchoRequester requester = variant.open()) {
            long calls = SystemCalls.count();
            Allocations.arm(n, count);
            Asked asked = new Asked(requester);
            asked.await(what);
            Allocations.disarm();
            assertThat(SystemCalls.count() - calls).as(what).isLessThan(MOST_CALLS);
            asked.assertTruth(what);
            EchoOutcome next = requester.send(request(address("127.0.0.1")).build());
            if (isShortage(next)) { // what struck last may end what is submitted meanwhile
                next = requester.send(request(address("127.0.0.1")).build());
            }
            assertThat(next).as(what).isInstanceOf(EchoOutcome.Reply.class);
            EchoStatistics statistics = requester.statistics();
            assertThat(statistics.inFlight()).as(what).isZero();
            assertThat(statistics.queued()).as(what).isZero();
        }
    }

    private static boolean isShortage(EchoOutcome outcome) {
        return outcome instanceof EchoOutcome.NotSent refused
                && refused.reason() == NotSentReason.OS_ERROR
                && refused.detail().contains("memory");
    }

    private static InetAddress address(String literal) {
        try {
            return InetAddress.getByName(literal);
        } catch (UnknownHostException e) {
            throw new AssertionError(literal, e);
        }
    }

    private static EchoRequest.Builder request(InetAddress destination) {
        return EchoRequest.newBuilder(destination).timeout(TIMEOUT);
    }

    /** Requests of every kind, and what became of them. */
    private static final class Asked {
        private final List<EchoRequest> requests = requests();
        private final AtomicReferenceArray<EchoOutcome> outcomes = new AtomicReferenceArray<>(requests.size());
        private final AtomicInteger repeated = new AtomicInteger();
        private final boolean[] accepted = new boolean[requests.size()];

        Asked(EchoRequester requester) {
            for (int i = 0; i < accepted.length; i++) {
                int number = i;
                try {
                    requester.sendAsync(requests.get(i), (asked, outcome) -> {
                        if (!outcomes.compareAndSet(number, null, outcome)) {
                            repeated.incrementAndGet();
                        }
                    });
                    accepted[i] = true;
                } catch (OutOfMemoryError e) {
                    accepted[i] = false;
                }
            }
        }

        private static List<EchoRequest> requests() {
            InetAddress v4 = address("127.0.0.1");
            InetAddress v6 = address("::1");
            List<EchoRequest> requests = new ArrayList<>();
            requests.add(request(v4).build());
            requests.add(request(v6).build());
            requests.add(request(v4).payload(EchoPayload.ofSize(0)).build());
            requests.add(request(v4).payload(EchoPayload.ofSize(3_000)).build());
            requests.add(request(v6).source(v6).build());
            requests.add(request(v4).source(v4).build());
            requests.add(request(v4)
                    .options(EchoOptions.DEFAULT.withDontFragment(true))
                    .build());
            requests.add(request(address(NO_ROUTE)).build());
            requests.add(request(v4).build());
            return requests;
        }

        void await(String what) {
            for (int i = 0; i < accepted.length; i++) {
                int number = i;
                if (accepted[i] && !Await.within(PATIENT, () -> outcomes.get(number) != null)) {
                    throw new AssertionError(what + ": no outcome of request " + number);
                }
            }
        }

        void assertTruth(String what) {
            assertThat(repeated).as(what).hasValue(0);
            for (int i = 0; i < accepted.length; i++) {
                EchoOutcome outcome = outcomes.get(i);
                if (!accepted[i]) {
                    assertThat(outcome)
                            .as(what + ": request %d, whose submission threw", i)
                            .isNull();
                } else if (outcome instanceof EchoOutcome.NotSent refused
                        && refused.reason() == NotSentReason.OS_ERROR) {
                    assertThat(refused.detail()).as(what).contains("memory");
                } else if (requests.get(i).destination().getHostAddress().equals(NO_ROUTE)) {
                    assertThat(outcome).as(what).isInstanceOf(EchoOutcome.NotSent.class);
                } else {
                    assertThat(outcome).as(what + ": request %d", i).isInstanceOf(EchoOutcome.Reply.class);
                }
            }
        }
    }
}
