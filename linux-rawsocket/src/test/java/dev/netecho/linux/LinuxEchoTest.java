// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.EchoRequester;
import dev.netecho.EchoStatistics;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.testkit.cases.Covers;
import java.net.InetAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What every agent does all day, on both kinds of socket and both loops. */
@EngineTest
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class LinuxEchoTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    @Parameter
    EngineVariant variant;

    private EchoRequester requester;

    @BeforeEach
    void open() throws EchoUnavailableException {
        requester = variant.open();
    }

    @AfterEach
    void close() {
        requester.close();
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(
            rules = {"MAT-1", "TIM-3"},
            cases = {"C1", "C2", "C10"})
    void reportsTheReplyOfLoopback(boolean ipv6) throws InterruptedException {
        EchoRequest request = EchoRequest.to(Loopback.address(ipv6));
        long before = System.nanoTime();
        EchoOutcome.Reply reply = Outcomes.reply(requester.send(request));
        long after = System.nanoTime();

        assertThat(reply.responder()).isEqualTo(Loopback.address(ipv6));
        assertThat(reply.hopLimit()).hasValue(64);
        assertThat(reply.timestampSource()).isEqualTo(TimestampSource.KERNEL);
        assertThat(reply.payloadIntact()).isTrue();
        assertThat(reply.payload()).isEqualTo(request.payload());
        assertThat(reply.roundTripTime()).isBetween(Duration.ZERO, Duration.ofNanos(after - before));
        EchoStatistics statistics = requester.statistics();
        assertThat(statistics.sent()).isEqualTo(1);
        assertThat(statistics.replies()).isEqualTo(1);
        assertThat(statistics.inFlight()).isZero();
        assertThat(statistics.queued()).isZero();
        assertThat(statistics.unmatched()).hasValue(0);
        assertThat(statistics.altered()).hasValue(0);
        assertThat(statistics.droppedLocally()).hasValue(0);
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(rules = "OUT-3", cases = "C9")
    void reportsTheSmallestAndTheLargestHopLimit(boolean ipv6) throws InterruptedException {
        Path setting = Path.of(
                ipv6
                        ? "/proc/sys/net/ipv6/conf/lo/hop_limit"
                        : "/proc/sys/net/ipv4/ip_default_ttl"); // of this namespace
        String usual = Loopback.read(setting).strip();
        try {
            for (int hopLimit : new int[] {1, 255}) {
                Loopback.write(setting, String.valueOf(hopLimit));
                EchoOutcome outcome = requester.send(EchoRequest.to(Loopback.address(ipv6)));
                assertThat(Outcomes.reply(outcome).hopLimit()).hasValue(hopLimit);
            }
        } finally {
            Loopback.write(setting, usual);
        }
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(
            rules = "REQ-1",
            cases = {"C3", "C5", "C6"})
    void carriesPayloadsOfEverySize(boolean ipv6) throws InterruptedException {
        for (int size : new int[] {0, 1, 7, 8, 9, 55, 56, 57, 1471, 1472, 1473, 4000, 8184, 65_499, 65_500, 0, 56}) {
            EchoRequest request = EchoRequest.newBuilder(Loopback.address(ipv6))
                    .payload(EchoPayload.ofSize(size))
                    .timeout(PATIENCE)
                    .build();
            EchoOutcome outcome = requester.send(request);
            assertThat(outcome).as("%d bytes", size).isInstanceOf(EchoOutcome.Reply.class);
            assertThat(Outcomes.reply(outcome).payload()).isEqualTo(request.payload());
            assertThat(Outcomes.reply(outcome).payloadIntact()).isTrue();
        }
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(
            rules = {"REQ-1", "MAT-1"},
            cases = "C4")
    void carriesPayloadsOfTheCallerByteForByte(boolean ipv6) throws InterruptedException {
        long seed = 0x5eed0001L + (ipv6 ? 1 : 0);
        Random random = new Random(seed);
        List<EchoPayload> payloads = new ArrayList<>();
        Outcomes outcomes = new Outcomes(2000);
        for (int i = 0; i < 2000; i++) {
            byte[] bytes = new byte[random.nextInt(random.nextInt(20) == 0 ? 3000 : 200)];
            random.nextBytes(bytes);
            for (int k = 0; k < bytes.length && random.nextBoolean(); k++) {
                bytes[k] |= (byte) 0x80;
            }
            payloads.add(EchoPayload.of(bytes));
            EchoRequest request = EchoRequest.newBuilder(Loopback.address(ipv6))
                    .payload(payloads.get(i))
                    .timeout(PATIENCE)
                    .build();
            requester.sendAsync(request, outcomes.listener(i));
        }
        List<EchoOutcome> all = outcomes.await();
        for (int i = 0; i < 2000; i++) {
            assertThat(all.get(i))
                    .as(
                            "seed %d, payload %d of %d bytes",
                            seed, i, payloads.get(i).size())
                    .isInstanceOf(EchoOutcome.Reply.class);
            assertThat(Outcomes.reply(all.get(i)).payload()).isEqualTo(payloads.get(i));
        }
        assertThat(requester.statistics().altered()).hasValue(0);
    }

    @Test
    @Covers(
            rules = "REQ-1",
            cases = {"C18", "C27", "C28"})
    void writesTheOptionsAndTheSourceIntoTheIpv4Header() throws InterruptedException {
        try (RawPeer peer = new RawPeer(false)) {
            Outcomes.reply(requester.send(EchoRequest.newBuilder(Loopback.address("127.0.0.7"))
                    .source(Loopback.address("127.0.0.9"))
                    .options(EchoOptions.DEFAULT.withHopLimit(17).withTrafficClass(0xb8))
                    .build()));
            WirePacket seen = peer.nextRequest();
            assertThat(seen.source()).isEqualTo(Loopback.address("127.0.0.9"));
            assertThat(seen.destination()).isEqualTo(Loopback.address("127.0.0.7"));
            assertThat(seen.hopLimit()).isEqualTo(17);
            assertThat(seen.trafficClass()).isEqualTo(0xb8);

            Outcomes.reply(requester.send(EchoRequest.to(Loopback.address("127.0.0.7"))));
            WirePacket next = peer.nextRequest();
            assertThat(next.source()).as("the next request chose no source").isEqualTo(Loopback.V4);
            assertThat(next.hopLimit()).isEqualTo(64);
            assertThat(next.trafficClass()).isZero();
        }
    }

    @Test
    @Covers(
            rules = "REQ-1",
            cases = {"C19", "C27", "C28"})
    void writesTheOptionsAndTheSourceIntoTheIpv6Header() throws InterruptedException {
        Loopback.addIpv6();
        try (RawPeer peer = new RawPeer(true)) {
            Outcomes.reply(requester.send(EchoRequest.newBuilder(Loopback.V6)
                    .source(Loopback.SECOND_V6)
                    .options(EchoOptions.DEFAULT.withHopLimit(17).withTrafficClass(0xb8))
                    .build()));
            WirePacket seen = peer.nextRequest();
            assertThat(seen.source()).isEqualTo(Loopback.SECOND_V6);
            assertThat(seen.destination()).isEqualTo(Loopback.V6);
            assertThat(seen.hopLimit()).isEqualTo(17);
            assertThat(seen.trafficClass()).isEqualTo(0xb8);

            Outcomes.reply(requester.send(EchoRequest.to(Loopback.V6)));
            WirePacket next = peer.nextRequest();
            assertThat(next.source()).as("the next request chose no source").isEqualTo(Loopback.V6);
            assertThat(next.hopLimit()).isEqualTo(64);
            assertThat(next.trafficClass()).isZero();
        }
    }

    @Test
    void gathersEveryHopLimitFromOneTo255() throws InterruptedException {
        try (RawPeer peer = new RawPeer(false)) {
            for (int hopLimit = 1; hopLimit <= 255; hopLimit++) {
                Outcomes.reply(requester.send(EchoRequest.newBuilder(Loopback.V4)
                        .options(EchoOptions.DEFAULT.withHopLimit(hopLimit))
                        .build()));
                assertThat(peer.nextRequest().hopLimit()).isEqualTo(hopLimit);
            }
        }
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"192.0.2.1", "2001:db8::1"})
    @Covers(rules = "OUT-4", cases = "C36")
    void saysThatThereIsNoRoute(String destination) throws InterruptedException {
        EchoOutcome outcome = requester.send(EchoRequest.to(Loopback.address(destination)));
        Outcomes.assertNotSent(outcome, NotSentReason.NO_ROUTE);
        assertThat(((EchoOutcome.NotSent) outcome).osError()).hasValue(101);
        assertThat(((EchoOutcome.NotSent) outcome).detail()).contains("ENETUNREACH");
        Outcomes.reply(requester.send(EchoRequest.to(Loopback.V4)));
    }

    @ParameterizedTest(name = "IPv6 {0}")
    @ValueSource(booleans = {false, true})
    @Covers(rules = "OUT-4", cases = "C20")
    void saysThatTheSourceIsForeign(boolean ipv6) throws InterruptedException {
        InetAddress source = Loopback.address(ipv6 ? "2001:db8::7" : "192.0.2.7");
        EchoOutcome outcome = requester.send(
                EchoRequest.newBuilder(Loopback.address(ipv6)).source(source).build());
        Outcomes.assertNotSent(outcome, NotSentReason.SOURCE_UNAVAILABLE);
        assertThat(((EchoOutcome.NotSent) outcome).detail()).contains(source.getHostAddress());
        Outcomes.reply(requester.send(EchoRequest.to(Loopback.address(ipv6))));
    }

    @Test
    @Covers(rules = "OUT-4", cases = "C29")
    void saysThatAPacketIsTooLargeToStayWhole() throws InterruptedException {
        // 65,500 bytes, 8 of ICMPv6 and 40 of IPv6 are more than the 65,536 of the loopback interface.
        EchoRequest.Builder builder = EchoRequest.newBuilder(Loopback.V6)
                .payload(EchoPayload.ofSize(65_500))
                .timeout(PATIENCE);
        Outcomes.reply(requester.send(builder.build()));

        EchoRequest whole =
                builder.options(EchoOptions.DEFAULT.withDontFragment(true)).build();
        EchoOutcome outcome = requester.send(whole);
        Outcomes.assertNotSent(outcome, NotSentReason.TOO_LARGE);
        assertThat(((EchoOutcome.NotSent) outcome).osError()).hasValue(90);
        if (variant != EngineVariant.RAW) {
            assertThat(((EchoOutcome.NotSent) outcome).detail()).contains("the MTU is 65536");
        }

        Outcomes.reply(
                requester.send(builder.payload(EchoPayload.ofSize(65_000)).build()));
        Outcomes.reply(requester.send(EchoRequest.to(Loopback.V6)));
    }

    @Test
    @Covers(
            rules = {"LOAD-1", "LOAD-2"},
            cases = "C108")
    void answersTwentyThousandRequestsThatComeAsFastAsTheyCan() throws InterruptedException {
        Outcomes outcomes = new Outcomes(20_000);
        for (int i = 0; i < 20_000; i++) {
            InetAddress destination = i % 3 == 0 ? Loopback.V6 : Loopback.numbered(i % 500);
            requester.sendAsync(Loopback.request(destination, PATIENCE), outcomes.listener(i));
        }
        List<EchoOutcome> all = outcomes.await();
        for (int i = 0; i < all.size(); i++) {
            assertThat(all.get(i)).as("request %d", i).isInstanceOf(EchoOutcome.Reply.class);
        }
        EchoStatistics statistics = requester.statistics();
        assertThat(statistics.sent()).isEqualTo(20_000);
        assertThat(statistics.replies()).isEqualTo(20_000);
        assertThat(statistics.inFlight()).isZero();
        assertThat(statistics.droppedLocally()).hasValue(0);
    }

    @Test
    void completesFuturesListenersAndBlockingCallsAlike() throws InterruptedException, ExecutionException {
        EchoRequest request = EchoRequest.to(Loopback.V4);
        Outcomes outcomes = new Outcomes(1);
        AtomicReference<Thread> thread = new AtomicReference<>();
        requester.sendAsync(request, (same, outcome) -> {
            thread.set(Thread.currentThread());
            assertThat(same).isSameAs(request);
            outcomes.record(0, outcome);
        });
        CompletableFuture<EchoOutcome> future = requester.sendAsync(request);

        Outcomes.reply(requester.send(request));
        Outcomes.reply(future.get());
        Outcomes.reply(outcomes.await().get(0));
        assertThat(thread.get().getName()).startsWith("icmp-echo-");
        assertThat(thread.get().isDaemon()).isTrue();
    }

    @Test
    @Covers(rules = "OUT-7")
    void itsThreadHasItsName() throws Exception {
        // With a bound on the rate it shares no thread.
        EchoRequester.Builder builder = variant.builder().name("probes.eu-1").maxRate(1_000);
        AtomicReference<String> thread = new AtomicReference<>();
        Outcomes outcomes = new Outcomes(1);
        try (EchoRequester named = builder.open()) {
            named.sendAsync(EchoRequest.to(Loopback.V4), (same, outcome) -> {
                thread.set(Thread.currentThread().getName());
                outcomes.record(0, outcome);
            });
            Outcomes.reply(outcomes.await().get(0));
        }
        assertThat(thread.get()).startsWith("probes.eu-1-");
    }

    @Test
    @Covers(rules = "OUT-5", cases = "C122")
    void sendsTheNextRequestFromAListener() throws InterruptedException {
        Outcomes outcomes = new Outcomes(500);
        sendNext(outcomes, 0);
        outcomes.await().forEach(Outcomes::reply);
    }

    private void sendNext(Outcomes outcomes, int number) {
        requester.sendAsync(EchoRequest.to(Loopback.V4), (request, outcome) -> {
            outcomes.record(number, outcome);
            if (number + 1 < 500) {
                sendNext(outcomes, number + 1);
            }
        });
    }

    @Test
    @Covers(rules = "END-1", cases = "C122")
    void cancelsARequestFromTheListenerOfAnother() throws InterruptedException {
        try (Loopback.Silence silence = Loopback.silence()) {
            CompletableFuture<EchoOutcome> other =
                    requester.sendAsync(Loopback.request(Loopback.numbered(1), Duration.ofHours(1)));
            Await.until("it is in flight", () -> requester.statistics().inFlight() == 1);
            Outcomes outcomes = new Outcomes(1);
            requester.sendAsync(Loopback.request(Loopback.V4, Duration.ofMillis(1)), (request, outcome) -> {
                other.cancel(false);
                outcomes.record(0, outcome);
            });
            assertThat(outcomes.await().get(0)).isInstanceOf(EchoOutcome.TimedOut.class);
            assertThatThrownBy(other::join).isInstanceOf(CancellationException.class);
            Await.until("nothing is in flight", () -> requester.statistics().inFlight() == 0);
        }
        Outcomes.reply(requester.send(EchoRequest.to(Loopback.V4)));
    }

    @Test
    void refusesToBlockItsOwnThread() throws InterruptedException {
        AtomicReference<Throwable> thrown = new AtomicReference<>();
        Outcomes outcomes = new Outcomes(1);
        requester.sendAsync(EchoRequest.to(Loopback.V4), (request, outcome) -> {
            try {
                requester.send(request);
            } catch (IllegalStateException | InterruptedException e) {
                thrown.set(e);
            }
            outcomes.record(0, outcome);
        });
        outcomes.await();
        assertThat(thrown.get()).isInstanceOf(IllegalStateException.class).hasMessageContaining("engine's thread");
    }

    @Test
    @Covers(rules = "OUT-5", cases = "C121")
    void isNotHarmedByAListenerThatThrows() throws InterruptedException {
        Outcomes outcomes = new Outcomes(200);
        for (int i = 0; i < 200; i++) {
            int number = i;
            requester.sendAsync(EchoRequest.to(Loopback.numbered(i)), (request, outcome) -> {
                outcomes.record(number, outcome);
                throw new StackOverflowError("thrown by the test's listener");
            });
        }
        outcomes.await().forEach(Outcomes::reply);
        Outcomes.reply(requester.send(EchoRequest.to(Loopback.V4)));
    }

    @Test
    @Covers(rules = "END-1", cases = "C116")
    void freesTheSlotOfACancelledRequest() throws InterruptedException {
        try (Loopback.Silence silence = Loopback.silence()) {
            for (int i = 0; i < 3000; i++) {
                CompletableFuture<EchoOutcome> future =
                        requester.sendAsync(Loopback.request(Loopback.numbered(i), Duration.ofHours(1)));
                if (i % 10 == 0) {
                    Await.until("it is in flight", () -> requester.statistics().inFlight() > 0);
                }
                assertThat(future.cancel(false)).isTrue();
                assertThatThrownBy(future::join).isInstanceOf(CancellationException.class);
            }
            Await.until(
                    "nothing is outstanding",
                    () -> requester.statistics().inFlight() == 0
                            && requester.statistics().queued() == 0);
            assertThat(requester.statistics().notSent()).isEqualTo(3000);
        }
        Outcomes.reply(requester.send(EchoRequest.to(Loopback.V4)));
    }
}
