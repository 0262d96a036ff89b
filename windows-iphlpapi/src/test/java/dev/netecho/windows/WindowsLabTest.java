// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.spi.Stray;
import dev.netecho.testkit.cases.Covers;
import dev.netecho.testkit.lab.LabPlan;
import dev.netecho.windows.Requests.Asked;
import java.net.InetAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** IcmpSendEcho2Ex for real, in the lab: what the system says and what we make of it. */
@LabTest
final class WindowsLabTest {
    private final WindowsRequester requester = WindowsRequester.open();

    @AfterEach
    void close() {
        requester.close();
    }

    private static EchoRequest.Builder to(LabPlan row, int d) {
        return EchoRequest.newBuilder(row.ipv4(d)).timeout(Duration.ofSeconds(2));
    }

    private EchoOutcome send(LabPlan row, int d) {
        return requester.send(to(row, d).build());
    }

    private EchoOutcome.Reply reply(EchoRequest request) {
        EchoOutcome outcome = requester.send(request);
        assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
        return (EchoOutcome.Reply) outcome;
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 7, 8, 9, 32, 56, 1472, 1473, 8000, 65_500})
    void aReplyBringsBackWhatWasSent(int size) {
        EchoOutcome.Reply reply =
                reply(to(LabPlan.AT_ONCE, 1).payload(EchoPayload.ofSize(size)).build());
        assertThat(reply.responder()).isEqualTo(LabPlan.AT_ONCE.ipv4(1));
        assertThat(reply.payloadIntact()).isTrue();
        assertThat(reply.hopLimit()).isEqualTo(OptionalInt.of(64));
    }

    @Test
    void explicitBytesComeBackAsTheyAre() {
        EchoPayload payload = EchoPayload.of(new byte[] {(byte) 0xff, 0, 1, 2, 3, (byte) 0x80});
        assertThat(reply(to(LabPlan.AT_ONCE, 2).payload(payload).build()).payload())
                .isEqualTo(payload);
    }

    @ParameterizedTest(name = "{0} ms")
    @ValueSource(ints = {20, 100, 400})
    void aRoundTripTimeIsInTheSystemsMillisecond(int millis) {
        Shortest.isAtMost(Duration.ofMillis(millis + 30), () -> {
            EchoOutcome.Reply reply = reply(to(LabPlan.DELAYED, millis / 4).build());
            assertThat(reply.roundTripTime()).isGreaterThanOrEqualTo(Duration.ofMillis(millis));
            return reply.roundTripTime();
        });
    }

    @ParameterizedTest(name = "timeout {0} ms")
    @ValueSource(ints = {1, 20, 150, 999, 1200})
    void silenceIsATimeOutAndNeverEarly(int millis) {
        Duration timeout = Duration.ofMillis(millis);
        Shortest.isAtMost(timeout.plusMillis(250), () -> {
            long before = System.nanoTime();
            EchoOutcome outcome =
                    requester.send(to(LabPlan.SILENT, 1).timeout(timeout).build());
            Duration took = Duration.ofNanos(System.nanoTime() - before);
            assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
            assertThat(((EchoOutcome.TimedOut) outcome).waited()).isGreaterThanOrEqualTo(timeout);
            assertThat(took).isGreaterThanOrEqualTo(timeout);
            return took;
        });
    }

    @Test
    void aLateAnswerIsOnlyCounted() {
        AtomicLong rounds = new AtomicLong();
        Shortest.isAtMost(Duration.ofMillis(450), () -> {
            OptionalLong counted = OptionalLong.of(rounds.incrementAndGet());
            EchoOutcome outcome = requester.send(
                    to(LabPlan.LATE, 3).timeout(Duration.ofMillis(100)).build());
            assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
            EchoOutcome.Reply reply = reply(to(LabPlan.LATE, 3).build());
            assertThat(reply.roundTripTime())
                    .as("its own answer, not the late one")
                    .isGreaterThanOrEqualTo(Duration.ofMillis(300));
            Await.until("the late answer is counted", () -> late().equals(counted));
            return reply.roundTripTime();
        });
    }

    private OptionalLong late() {
        return requester.requests.counters.of(Stray.LATE);
    }

    @Test
    void theAnswerToACancelledRequestIsLate() {
        Asked asked = requester.submit(to(LabPlan.LATE, 2).build());
        Await.until("it was sent", () -> requester.requests.sent.get() == 1);
        asked.pending().complete(EchoOutcome.NotSent.because(NotSentReason.CANCELLED, "by the test"));
        requester.engine.cancelled(asked.pending());
        Await.until("it is counted", () -> late().equals(OptionalLong.of(1)));
        Await.until("its memory is freed", () -> requester.heap.live() == 0);
    }

    /** Wine 8, nsiproxy.sys/icmp_echo.c: which IP_STATUS it makes of which code; Windows documents the first four. */
    @ParameterizedTest(name = "3/{0} is {1}")
    @CsvSource({
        "0,NETWORK_UNREACHABLE", "1,HOST_UNREACHABLE", "2,PROTOCOL_UNREACHABLE", "3,PORT_UNREACHABLE",
        "4,FRAGMENTATION_NEEDED", "5,SOURCE_ROUTE_FAILED", "6,NETWORK_UNREACHABLE", "7,HOST_UNREACHABLE",
        "8,HOST_UNREACHABLE", "9,NETWORK_UNREACHABLE", "10,HOST_UNREACHABLE", "11,NETWORK_UNREACHABLE",
        "12,HOST_UNREACHABLE", "13,HOST_UNREACHABLE", "14,HOST_UNREACHABLE", "15,HOST_UNREACHABLE"
    })
    void anUnreachableDestinationHasItsKindAndItsRouter(int code, IcmpErrorKind kind) {
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) send(LabPlan.UNREACHABLE, code);
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.responder()).isEqualTo(LabPlan.ROUTERS.ipv4(1));
        assertThat(error.code()).isEmpty();
    }

    @ParameterizedTest(name = "hop limit {0}")
    @ValueSource(ints = {1, 2, 6})
    void aHopLimitTooLowIsExceededAtThatRouter(int hopLimit) {
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) requester.send(to(LabPlan.HOPS_AWAY, 7)
                .options(EchoOptions.DEFAULT.withHopLimit(hopLimit))
                .build());
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.HOP_LIMIT_EXCEEDED);
        assertThat(error.responder()).isEqualTo(LabPlan.ROUTERS.ipv4(hopLimit));
    }

    @Test
    void aHopLimitHighEnoughArrives() {
        EchoOutcome.Reply reply = reply(to(LabPlan.HOPS_AWAY, 7)
                .options(EchoOptions.DEFAULT.withHopLimit(7))
                .build());
        assertThat(reply.hopLimit()).isEqualTo(OptionalInt.of(256 - 7));
    }

    @Covers(rules = "ERR-2", cases = "C49", backends = "windows-iphlpapi")
    @Test
    void aSourceQuenchEndsTheRequest() {
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) send(LabPlan.SOURCE_QUENCH, 0);
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.SOURCE_QUENCH);
    }

    @Covers(rules = "TIM-3", cases = "C10", backends = "windows-iphlpapi")
    @Test
    void aRoundTripIsNeverLongerThanAllThatWasWaited() {
        for (int i = 0; i < 500; i++) {
            long before = System.nanoTime();
            EchoOutcome.Reply reply = reply(to(LabPlan.AT_ONCE, 3).build());
            assertThat(reply.roundTripTime()).isLessThanOrEqualTo(Duration.ofNanos(System.nanoTime() - before));
        }
    }

    @Test
    void theHopLimitOfAReplyIsReported() {
        assertThat(reply(to(LabPlan.HOP_LIMIT_SET, 33).build()).hopLimit()).isEqualTo(OptionalInt.of(33));
    }

    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "TIME_EXCEEDED,0,HOP_LIMIT_EXCEEDED",
        "TIME_EXCEEDED,1,REASSEMBLY_TIME_EXCEEDED",
        "PARAMETER_PROBLEM,0,PARAMETER_PROBLEM",
        "TOO_BIG,128,FRAGMENTATION_NEEDED",
        "ERROR_THEN_REPLY,1,HOST_UNREACHABLE",
        "TWO_ERRORS,1,HOST_UNREACHABLE",
        "QUOTE_CUT,8,HOST_UNREACHABLE"
    })
    void otherErrorsHaveTheirKind(LabPlan row, int d, IcmpErrorKind kind) {
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) send(row, d);
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.responder()).isEqualTo(LabPlan.ROUTERS.ipv4(1));
        assertThat(error.nextHopMtu()).isEmpty();
    }

    @Test
    void anErrorFromWhoIsNoRouterKeepsItsSender() {
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) send(LabPlan.UNREACHABLE_BY_OTHER, 9);
        assertThat(error.responder()).isEqualTo(LabPlan.OTHERS.ipv4(9));
    }

    @ParameterizedTest
    @EnumSource(
            value = LabPlan.class,
            names = {
                "DUPLICATED",
                "OTHER_IDENTIFIER_FIRST",
                "OTHER_SEQUENCE_FIRST",
                "REPLY_THEN_ERROR",
                "QUOTE_OTHER_IDENTIFIER",
                "QUOTE_OTHER_SEQUENCE",
                "REDIRECT",
                "STORM"
            })
    void strayPacketsDoNotDisturb(LabPlan row) {
        assertThat(reply(to(row, row == LabPlan.STORM ? 0 : 2).build()).responder())
                .isEqualTo(row.ipv4(row == LabPlan.STORM ? 0 : 2));
    }

    @Test
    void aReplyFromAnotherAddressIsNoReply() {
        EchoOutcome outcome = requester.send(
                to(LabPlan.OTHER_SOURCE, 5).timeout(Duration.ofMillis(300)).build());
        assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requester.requests.counters.of(Stray.WRONG_SOURCE)).isEqualTo(OptionalLong.of(1));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"ALTERED,20", "SHORTENED,10", "LENGTHENED,20"})
    void alteredDataIsSaid(LabPlan row, int d) {
        EchoOutcome.Reply reply = reply(to(row, d).build());
        assertThat(reply.payloadIntact()).isFalse();
        assertThat(requester.requests.counters.of(Stray.ALTERED)).isEqualTo(OptionalLong.of(1));
    }

    @ParameterizedTest(name = "{0} {1}")
    @CsvSource({"ALTERED,3", "SHORTENED,7", "SHORTENED,0"})
    void withoutItsTokenAReplyIsNone(LabPlan row, int d) {
        EchoOutcome outcome =
                requester.send(to(row, d).timeout(Duration.ofMillis(300)).build());
        assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requester.requests.counters.of(Stray.ALTERED)).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void aDestinationWithoutARouteIsNotSent() {
        EchoOutcome.NotSent outcome =
                (EchoOutcome.NotSent) requester.send(EchoRequest.to(Requests.address("203.0.113.1")));
        assertThat(outcome.reason()).isIn(NotSentReason.OS_ERROR, NotSentReason.NO_ROUTE);
        assertThat(outcome.osError()).isPresent();
        assertThat(outcome.detail()).contains(String.valueOf(outcome.osError().getAsInt()));
    }

    @Test
    void manyAtOnceEachGetTheirOwnAnswer() {
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 1_000; i++) {
            all.add(requester.submit(EchoRequest.newBuilder(LabPlan.MANY_AT_ONCE.ipv4(i))
                    .timeout(Duration.ofSeconds(5))
                    .build()));
        }
        for (int i = 0; i < all.size(); i++) {
            EchoOutcome outcome = all.get(i).await();
            assertThat(outcome).as("host %d", i).isInstanceOf(EchoOutcome.Reply.class);
            InetAddress responder = ((EchoOutcome.Reply) outcome).responder();
            assertThat(responder).isEqualTo(LabPlan.MANY_AT_ONCE.ipv4(i));
        }
    }

    @Test
    void errorsOfOneHostLeaveTheOthersAlone() {
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            LabPlan row =
                    i % 3 == 0 ? LabPlan.MANY_UNREACHABLE : i % 3 == 1 ? LabPlan.MANY_AT_ONCE : LabPlan.MANY_AT_20_MS;
            all.add(requester.submit(EchoRequest.newBuilder(row.ipv4(i))
                    .timeout(Duration.ofSeconds(5))
                    .build()));
        }
        for (int i = 0; i < all.size(); i++) {
            EchoOutcome outcome = all.get(i).await();
            if (i % 3 == 0) {
                assertThat(((EchoOutcome.IcmpError) outcome).kind()).isEqualTo(IcmpErrorKind.HOST_UNREACHABLE);
            } else {
                assertThat(outcome).as("host %d", i).isInstanceOf(EchoOutcome.Reply.class);
            }
        }
    }
}
