// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.linux.Await;
import dev.netecho.linux.EngineTest;
import dev.netecho.linux.LeakCheck;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.Ip;
import dev.netecho.linux.libc.Socket;
import dev.netecho.spi.Availability;
import dev.netecho.spi.EchoRequesterProvider;
import dev.netecho.testkit.RecordedLog;
import dev.netecho.testkit.cases.Covers;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.EpollIoHandler;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every system call of the engine fails, with every error of its man page and with those of seccomp, while a requester
 * opens and while requests are in flight: once, a few times, or until the fault is taken away. The hosts are all alive,
 * so whatever is said of them but "reply" or "not sent, for this error" is a lie.
 *
 * <p>Each run takes a sample, whose seed it prints: {@code -Dnetecho.test.faults.seed=N} takes the same again, and
 * {@code -Dnetecho.test.faults=all} takes every case, which {@code .ci/faults} does.
 */
@EngineTest
@Timeout(60)
final class SystemCallFaultTest {
    private static final int SAMPLE = 24;
    private static final int REQUESTS = 24;
    private static final Duration TIMEOUT = Duration.ofMillis(150);

    /** After the deadline. Nothing here takes this long, but the machine may be busy. */
    private static final Duration GRACE = Duration.ofSeconds(3);

    private static final Duration PATIENT = Duration.ofSeconds(5);

    /** A loop that spins makes a hundred times as many in that time. */
    private static final long MOST_CALLS_PER_SECOND = 10_000;

    private static final InterposedClasses CLASSES = new InterposedClasses();

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
        SystemCalls.disarm();
    }

    static Stream<FaultCase> atOpen() {
        return sample(FaultCase.all());
    }

    static Stream<FaultCase> inFlight() {
        return sample(FaultCase.all());
    }

    private static Stream<FaultCase> sample(List<FaultCase> all) {
        if ("all".equals(System.getProperty("netecho.test.faults"))) {
            return all.stream();
        }
        long seed = Long.getLong("netecho.test.faults.seed", System.nanoTime());
        List<FaultCase> sample = new ArrayList<>(all);
        Collections.shuffle(sample, new Random(seed));
        sample.removeIf(FaultCase::isAlwaysRun);
        List<FaultCase> chosen =
                new ArrayList<>(all.stream().filter(FaultCase::isAlwaysRun).toList());
        chosen.addAll(sample.subList(0, SAMPLE));
        System.err.println("system-call faults: " + chosen.size() + " of " + all.size() + ", seed " + seed);
        return chosen.stream();
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @Covers(
            rules = {"PRO-3", "OUT-4", "END-2"},
            cases = "C95")
    void atOpen(FaultCase example) throws Exception {
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        long bytes = CLASSES.nativeBytes();
        Fault fault = example.fault();
        SystemCalls.arm(example.withWhatItNeeds(fault));
        try (EchoRequester requester = open(example)) {
            assertTruth(example, askAll(requester, 4));
            SystemCalls.disarm();
            assertReplies(requester);
        } catch (EchoUnavailableException e) {
            assertThat(e.getMessage())
                    .contains(example.function())
                    .contains(Errno.describe(example.errno()))
                    .contains("remedy: ")
                    .doesNotContain("MARK");
        }
        SystemCalls.disarm();
        CLASSES.assertNothingLeft(before, bytes);
    }

    @ParameterizedTest(name = "{0}")
    @MethodSource
    @Covers(
            rules = {"OUT-1", "OUT-4", "END-2"},
            cases = "C125")
    void inFlight(FaultCase example) throws Exception {
        LeakCheck.Snapshot before = LeakCheck.Snapshot.now();
        long bytes = CLASSES.nativeBytes();
        try (EchoRequester requester = open(example)) {
            assertReplies(requester);
            Fault fault = example.fault();
            long calls = SystemCalls.count();
            long began = System.nanoTime();
            SystemCalls.arm(example.withWhatItNeeds(fault));
            List<EchoOutcome> outcomes = askAll(requester, REQUESTS);
            double seconds = (System.nanoTime() - began) / 1e9;
            assertThat(SystemCalls.count() - calls)
                    .as("calls in %s s, of which %s failed", seconds, fault.given())
                    .isLessThan((long) (MOST_CALLS_PER_SECOND * (seconds + 0.1)));
            assertTruth(example, outcomes);
            if (example.endsLoop()) {
                assertEnded(example, requester);
            } else {
                SystemCalls.disarm();
                assertReplies(requester);
            }
            assertAddsUp(requester.statistics());
        } finally {
            SystemCalls.disarm();
        }
        CLASSES.assertNothingLeft(before, bytes);
    }

    /** A profiler's signals, say, which end one wait after the other while nothing is asked. */
    @ParameterizedTest(name = "{0}")
    @CsvSource({"epoll_pwait2, none", "epoll_wait, epoll_pwait2"})
    @Covers(rules = "OUT-4", cases = "C125")
    void signalsThatEndRealWaitsEndNoLoop(String call, String missing) throws Exception {
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(CLASSES.provider(false)).open()) {
            assertReplies(requester);
            Fault signals = new Fault(call, Errno.EINTR, 1_500, 1_000_000);
            SystemCalls.arm(signals, new Fault(missing, Errno.ENOSYS, Fault.FOR_EVER));
            assertReplies(requester); // wakes the loop, which sleeps in a wait that does not fail
            Await.until(
                    "all signals came",
                    () -> signals.given() == 1_500 || LeakCheck.threads().isEmpty());
            assertReplies(requester);
        }
    }

    /** What is short now is not missing: the next look may find it. */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS})
    @Covers(rules = "PRO-3", cases = "C95")
    void aShortageIsNotCalledAMissingFamily(int errno) throws Exception {
        for (boolean raw : new boolean[] {false, true}) {
            EchoRequesterProvider provider = CLASSES.provider(raw);
            SystemCalls.arm(new Fault("socket", errno, 1));
            Availability availability = provider.availability();
            SystemCalls.disarm();
            assertThat(availability.isAvailable()).isTrue();
            assertThat(availability.why())
                    .startsWith("IPv4 could not be tried because of a shortage that may pass: socket(AF_INET, ")
                    .contains(Errno.describe(errno))
                    .doesNotContain("without", "IPv6");
            assertThat(availability.remedy()).isNotEmpty().doesNotContain("boot", "icmp(7)");
        }
    }

    /**
     * What is short at open is asked for again when it is needed, and reported with its error until then (SPEC PRO-4).
     */
    @ParameterizedTest
    @ValueSource(ints = {Errno.EMFILE, Errno.ENFILE, Errno.ENOMEM, Errno.ENOBUFS})
    @Covers(
            rules = {"PRO-4", "OUT-4"},
            cases = "C101")
    void aShortageAtOpenCostsNoFamilyForLong(int errno) throws Exception {
        // Of IPv4 alone.
        String call = SystemCalls.option("setsockopt", Ip.IPPROTO_IP, Ip.IP_MTU_DISCOVER);
        EchoRequest request =
                EchoRequest.newBuilder(address(false)).timeout(PATIENT).build();
        for (boolean raw : new boolean[] {false, true}) {
            SystemCalls.arm(new Fault(call, errno, Fault.FOR_EVER));
            try (EchoRequester requester =
                    EchoRequester.newBuilder().provider(CLASSES.provider(raw)).open()) {
                assertThat(requester.capabilities()).contains(EchoCapability.IPV4, EchoCapability.IPV6);
                assertThat(requester.send(request)).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                    assertThat(refused.reason()).isEqualTo(NotSentReason.OVERLOADED);
                    assertThat(refused.osError()).hasValue(errno);
                    assertThat(refused.detail()).contains("setsockopt(IP_MTU_DISCOVER", Errno.describe(errno));
                });
                assertThat(requester.send(EchoRequest.to(address(true))).isReply())
                        .isTrue();
                SystemCalls.disarm();
                Await.until(
                        "IPv4 is back",
                        () -> requester.sendAsync(request).join().isReply());
            }
        }
    }

    /** EAGAIN while the socket has room concerns one destination: thousands that wait for it hold up no other. */
    @ParameterizedTest(name = "raw {0}")
    @ValueSource(booleans = {false, true})
    @Covers(rules = "LOAD-3", cases = "C112")
    void whatWaitsForOneDestinationHoldsUpNoOther(boolean raw) throws Exception {
        EchoRequest request = EchoRequest.newBuilder(address(false))
                .timeout(Duration.ofSeconds(30))
                .build();
        int count = 6_000;
        AtomicInteger ended = new AtomicInteger();
        AtomicInteger before = new AtomicInteger();
        CompletableFuture<EchoOutcome> other = new CompletableFuture<>();
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(CLASSES.provider(raw)).open()) {
            Fault full = new Fault("sendmmsg", Errno.EAGAIN, Fault.FOR_EVER);
            SystemCalls.arm(full);
            for (int i = 0; i < count; i++) {
                requester.sendAsync(request, (any, outcome) -> ended.incrementAndGet());
            }
            Await.until("all were tried", () -> full.given() >= count);
            SystemCalls.disarm(); // to the other destination
            requester.sendAsync(request, (any, outcome) -> {
                before.set(ended.get());
                other.complete(outcome);
            });
            assertThat(other.get(20, TimeUnit.SECONDS).isReply()).isTrue();
            assertThat(before).as("those that it waited for").hasValueLessThan(count / 2);
            Await.until("all have ended", () -> ended.get() == count);
        }
    }

    /** The interface or the source may be back when the refusal is explained: the error of the call has to do. */
    @ParameterizedTest(name = "ipv6 {0}, raw {1}")
    @CsvSource({"false, false", "false, true", "true, false", "true, true"})
    @Covers(rules = "REQ-1", cases = "C146")
    void anInterfaceThatIsBackWasMissing(boolean ipv6, boolean raw) throws Exception {
        EchoRequest request = EchoRequest.newBuilder(address(ipv6))
                .options(EchoOptions.DEFAULT.withInterface("lo"))
                .build();
        String call = SystemCalls.option("setsockopt", Socket.SOL_SOCKET, Socket.SO_BINDTODEVICE);
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(CLASSES.provider(raw)).open()) {
            SystemCalls.arm(new Fault(call, Errno.ENODEV, 1));
            assertThat(requester.send(request)).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                assertThat(refused.reason()).isEqualTo(NotSentReason.NO_ROUTE);
                assertThat(refused.osError()).hasValue(Errno.ENODEV);
                assertThat(refused.detail()).endsWith("this host had no interface lo when the request was to be sent");
            });
            Await.until(
                    "the interface serves",
                    () -> requester.sendAsync(request).join().isReply());
        }
    }

    @Test
    @Covers(rules = "OUT-4", cases = "C24")
    void aSourceWhoseInterfaceIsBackWasUnavailable() throws Exception {
        EchoRequest request =
                EchoRequest.newBuilder(address(true)).source(address(true)).build();
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(CLASSES.provider(false)).open()) {
            SystemCalls.arm(new Fault("bind", Errno.ENODEV, 1));
            assertThat(requester.send(request)).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                assertThat(refused.reason()).isEqualTo(NotSentReason.SOURCE_UNAVAILABLE);
                assertThat(refused.osError()).hasValue(Errno.ENODEV);
            });
            Await.until(
                    "the source serves",
                    () -> requester.sendAsync(request).join().isReply());
        }
    }

    /** The kernel refuses a source that the host has when it is asked: it was gone, or something else is wrong. */
    @ParameterizedTest(name = "{0}, ipv6 {1}, raw {2}")
    @CsvSource({"22, true, false", "22, true, true", "19, true, true", "101, false, false", "101, false, true"})
    @Covers(rules = "OUT-4", cases = "C24")
    void aSourceThatIsBackServes(int errno, boolean ipv6, boolean raw) throws Exception {
        EchoRequest request =
                EchoRequest.newBuilder(address(ipv6)).source(address(ipv6)).build();
        try (EchoRequester requester =
                EchoRequester.newBuilder().provider(CLASSES.provider(raw)).open()) {
            assertThat(requester.send(request).isReply()).isTrue();
            SystemCalls.arm(new Fault("sendmmsg", errno, 1));
            assertThat(requester.send(request)).isInstanceOf(EchoOutcome.Reply.class);
            SystemCalls.arm(new Fault("sendmmsg", errno, Fault.FOR_EVER));
            assertThat(requester.send(request))
                    .isInstanceOfSatisfying(
                            EchoOutcome.NotSent.class,
                            refused -> assertThat(refused.osError()).hasValue(errno));
        }
    }

    private static EchoRequester open(FaultCase example) throws Exception {
        EchoRequester.Builder builder = EchoRequester.newBuilder();
        if (example.loop() == FaultCase.Loop.LENT) {
            builder.option(CLASSES.<EventLoopGroup>option("EVENT_LOOP_GROUP"), lent);
        }
        return builder.provider(CLASSES.provider(example.raw())).open();
    }

    /**
     * Half of them IPv6, half with another mode of fragmentation: that is a socket of its own, or an option between
     * batches.
     */
    private static List<EchoOutcome> askAll(EchoRequester requester, int count) throws Exception {
        List<CompletableFuture<EchoOutcome>> futures = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean ipv6 = i % 2 == 1 && requester.capabilities().contains(EchoCapability.IPV6);
            boolean ipv4 = requester.capabilities().contains(EchoCapability.IPV4);
            EchoOptions options = EchoOptions.DEFAULT.withDontFragment(i % 4 > 1);
            futures.add(requester.sendAsync(EchoRequest.newBuilder(address(ipv6 || !ipv4))
                    .options(options)
                    .timeout(TIMEOUT)
                    .build()));
            if (i == count / 2) {
                // So that the loop has slept.
                futures.get(0).get(TIMEOUT.plus(GRACE).toMillis(), TimeUnit.MILLISECONDS);
            }
        }
        List<EchoOutcome> outcomes = new ArrayList<>();
        long end = System.nanoTime() + TIMEOUT.plus(GRACE).toNanos();
        for (CompletableFuture<EchoOutcome> future : futures) {
            outcomes.add(future.get(Math.max(1, end - System.nanoTime()), TimeUnit.NANOSECONDS));
        }
        return outcomes;
    }

    private static void assertTruth(FaultCase example, List<EchoOutcome> outcomes) {
        for (EchoOutcome outcome : outcomes) {
            if (outcome instanceof EchoOutcome.NotSent refused) {
                assertThat(refused.osError()).as(refused.detail()).hasValue(example.errno());
                assertThat(refused.detail()).contains(example.function());
                if (example.times() > 1) { // one refusal alone may be a packet filter's
                    assertThat(refused.detail()).doesNotContain("packet filter on this host");
                }
            } else {
                assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
            }
        }
    }

    /** A loop of our own that cannot wait ends; later requests and the log say why. */
    private static void assertEnded(FaultCase example, EchoRequester requester) throws Exception {
        Await.until("the loop has ended", () -> LeakCheck.threads().isEmpty());
        assertTruth(example, askAll(requester, 2));
        Await.until(
                "the log names the call",
                () -> RecordedLog.lines().stream()
                        .anyMatch(line -> String.valueOf(line.thrown()).contains("epoll_wait")));
    }

    private static void assertReplies(EchoRequester requester) throws Exception {
        for (boolean ipv6 : new boolean[] {false, true}) {
            if (requester.capabilities().contains(ipv6 ? EchoCapability.IPV6 : EchoCapability.IPV4)) {
                EchoRequest request =
                        EchoRequest.newBuilder(address(ipv6)).timeout(PATIENT).build();
                EchoOutcome outcome = requester.send(request);
                long end = System.nanoTime() + PATIENT.toNanos();
                // SPEC PRO-4: a family that was short of something is tried again after a second.
                while (outcome instanceof EchoOutcome.NotSent refused
                        && refused.reason() == NotSentReason.OVERLOADED
                        && System.nanoTime() - end < 0) {
                    outcome = requester.send(request);
                }
                assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
            }
        }
    }

    private static InetAddress address(boolean ipv6) throws Exception {
        return InetAddress.getByName(ipv6 ? "::1" : "127.0.0.1");
    }

    private static void assertAddsUp(EchoStatistics statistics) {
        assertThat(statistics.inFlight()).isZero();
        assertThat(statistics.queued()).isZero();
    }
}
