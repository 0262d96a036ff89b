// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.netecho.EchoCapability;
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
import dev.netecho.windows.win32.ApiAccess;
import java.net.Inet6Address;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The IPv6 functions through the real binding. Wine before 10.14 has none, so a library of our own, netecho_icmp6.c,
 * stands under the binding: it behaves as Microsoft documents the functions, and completes by APC from another thread
 * as the system does. What is covered here is shown of this backend over that library, and of no system's.
 */
@LabTest
@Covers(backends = "windows-iphlpapi")
final class Icmp6LibraryTest {
    private static final String LIBRARY = System.getProperty("netecho.icmp6.library", "netecho_icmp6");

    private final WindowsRequester requester = WindowsRequester.openWithIcmp6(LIBRARY);

    @AfterEach
    void close() {
        requester.close();
        assertThat(ask("netecho_open_handles")).as("open handles").isZero();
    }

    @AfterAll
    static void giveTheBindingBackToTheSystem() {
        ApiAccess.icmp6In("iphlpapi");
    }

    private static int ask(String question) {
        return ApiAccess.ask(LIBRARY, question);
    }

    private static EchoRequest.Builder to(String address) {
        return EchoRequest.newBuilder(Requests.address(address)).timeout(Duration.ofSeconds(2));
    }

    private static EchoRequest.Builder to(LabPlan row, int d) {
        return EchoRequest.newBuilder(row.ipv6(d)).timeout(Duration.ofSeconds(2));
    }

    private EchoOutcome.Reply reply(EchoRequest request) {
        EchoOutcome outcome = requester.send(request);
        assertThat(outcome).isInstanceOf(EchoOutcome.Reply.class);
        return (EchoOutcome.Reply) outcome;
    }

    @Covers(
            rules = {"REQ-1", "OUT-1", "OUT-3"},
            cases = {"C3", "C5", "C6", "C9"})
    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {0, 1, 7, 8, 56, 1473, 65_500})
    void aReplyBringsBackWhatWasSent(int size) {
        EchoOutcome.Reply reply =
                reply(to(LabPlan.AT_ONCE, 1).payload(EchoPayload.ofSize(size)).build());
        assertThat(reply.responder()).isEqualTo(LabPlan.AT_ONCE.ipv6(1));
        assertThat(reply.payloadIntact()).isTrue();
        assertThat(reply.payload().size()).isEqualTo(size);
        assertThat(reply.hopLimit()).isEmpty();
    }

    @Covers(rules = "REQ-2", cases = "C35")
    @Test
    void bothFamiliesAreClaimed() {
        assertThat(requester.engine.capabilities())
                .contains(EchoCapability.IPV4, EchoCapability.IPV6, EchoCapability.SOURCE_ADDRESS)
                .doesNotContain(EchoCapability.REPLY_HOP_LIMIT_IPV6, EchoCapability.DONT_FRAGMENT_IPV6);
    }

    @Covers(
            rules = {"REQ-1", "ERR-1"},
            cases = {"C25", "C27", "C46"})
    @Test
    void theHopLimitIsGivenOnlyWhenItIsAskedFor() {
        reply(to(LabPlan.AT_ONCE, 1).build());
        assertThat(ask("netecho_last_hop_limit")).isZero();
        EchoOutcome outcome = requester.send(to(LabPlan.HOPS_AWAY, 5)
                .options(EchoOptions.DEFAULT.withHopLimit(3))
                .build());
        assertThat(ask("netecho_last_hop_limit")).isEqualTo(3);
        assertThat(((EchoOutcome.IcmpError) outcome).kind()).isEqualTo(IcmpErrorKind.HOP_LIMIT_EXCEEDED);
        assertThat(((EchoOutcome.IcmpError) outcome).responder()).isEqualTo(LabPlan.ROUTERS.ipv6(3));
    }

    @Covers(
            rules = {"REQ-1", "OUT-4", "MAT-1"},
            cases = {"C16", "C19", "C20"})
    @Test
    void theSourceAndTheScopeArrive() throws UnknownHostException {
        reply(to(LabPlan.AT_ONCE, 1).source(LabPlan.HERE.ipv6(2)).build());
        EchoOutcome.NotSent foreign = (EchoOutcome.NotSent) requester.send(
                to(LabPlan.AT_ONCE, 1).source(LabPlan.OTHERS.ipv6(1)).build());
        assertThat(foreign.reason()).isEqualTo(NotSentReason.SOURCE_UNAVAILABLE);
        assertThat(foreign.osError()).isEqualTo(OptionalInt.of(1214));

        byte[] linkLocal = Requests.address("fe80::1").getAddress();
        EchoRequest scoped = EchoRequest.to(Inet6Address.getByAddress(null, linkLocal, 7));
        assertThat(reply(scoped).responder()).isEqualTo(scoped.destination());
        EchoRequest elsewhere = EchoRequest.newBuilder(Inet6Address.getByAddress(null, linkLocal, 8))
                .timeout(Duration.ofMillis(100))
                .build();
        assertThat(requester.send(elsewhere)).isInstanceOf(EchoOutcome.TimedOut.class);
    }

    @Covers(
            rules = "REQ-2",
            cases = {"C28", "C35"})
    @Test
    void noTrafficClassIsClaimed() {
        // core refuses what an engine does not claim; RequestRulesTest shows that.
        assertThat(requester.engine.capabilities()).doesNotContain(EchoCapability.TRAFFIC_CLASS_IPV6);
    }

    @Covers(rules = "TIM-3", cases = "C8")
    @ParameterizedTest(name = "{0} ms")
    @ValueSource(ints = {20, 400})
    void aRoundTripTimeIsInTheSystemsMillisecond(int millis) {
        assertThat(reply(to(LabPlan.DELAYED, millis / 4).build()).roundTripTime())
                .isBetween(Duration.ofMillis(millis), Duration.ofMillis(millis + 1));
    }

    @Test
    void theSystemIsToldAtLeastASecond() {
        requester.send(to(LabPlan.SILENT, 1).timeout(Duration.ofMillis(30)).build());
        assertThat(ask("netecho_last_timeout")).isEqualTo(1000);
    }

    @Covers(rules = "TIM-2", cases = "C60")
    @ParameterizedTest(name = "timeout {0} ms")
    @ValueSource(ints = {1, 40, 300, 1100})
    void silenceIsATimeOutAndNeverEarly(int millis) {
        Duration timeout = Duration.ofMillis(millis);
        Shortest.isAtMost(timeout.plusMillis(250), () -> {
            EchoOutcome outcome =
                    requester.send(to(LabPlan.SILENT, 1).timeout(timeout).build());
            Duration waited = ((EchoOutcome.TimedOut) outcome).waited();
            assertThat(waited).isGreaterThanOrEqualTo(timeout);
            return waited;
        });
    }

    @Covers(rules = "MAT-4", cases = "C66")
    @Test
    void aLateAnswerIsOnlyCounted() {
        EchoOutcome outcome = requester.send(
                to(LabPlan.LATE, 2).timeout(Duration.ofMillis(50)).build());
        assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
        Await.until(
                "the late answer is counted",
                () -> requester.requests.counters.of(Stray.LATE).equals(OptionalLong.of(1)));
    }

    @Covers(rules = "ERR-1", cases = "C44")
    @ParameterizedTest(name = "1/{0} is {1}")
    @CsvSource({
        "0,NETWORK_UNREACHABLE",
        "1,ADMINISTRATIVELY_PROHIBITED",
        "2,OTHER",
        "3,ADDRESS_UNREACHABLE",
        "4,PORT_UNREACHABLE",
        "5,ADMINISTRATIVELY_PROHIBITED",
        "7,OTHER"
    })
    void anUnreachableDestinationHasItsKindAndItsRouter(int code, IcmpErrorKind kind) {
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError)
                requester.send(to(LabPlan.UNREACHABLE, code).build());
        assertThat(error.kind()).isEqualTo(kind);
        assertThat(error.responder()).isEqualTo(LabPlan.ROUTERS.ipv6(1));
    }

    @Covers(
            rules = "ERR-1",
            cases = {"C46", "C47", "C48"})
    @ParameterizedTest(name = "{0} {1} is {2}")
    @CsvSource({
        "TIME_EXCEEDED,0,HOP_LIMIT_EXCEEDED", "TIME_EXCEEDED,1,REASSEMBLY_TIME_EXCEEDED",
        "PARAMETER_PROBLEM,0,PARAMETER_PROBLEM", "PARAMETER_PROBLEM,1,PARAMETER_PROBLEM",
        "PARAMETER_PROBLEM,2,PARAMETER_PROBLEM", "TOO_BIG,128,PACKET_TOO_BIG"
    })
    void otherErrorsHaveTheirKind(LabPlan row, int d, IcmpErrorKind kind) {
        EchoOutcome.IcmpError error =
                (EchoOutcome.IcmpError) requester.send(to(row, d).build());
        assertThat(error.kind()).isEqualTo(kind);
    }

    @Covers(rules = "OUT-4")
    @ParameterizedTest(name = "IP_STATUS 11000 + {0} is {1}")
    @CsvSource({
        "1,OS_ERROR",
        "6,OVERLOADED",
        "7,OS_ERROR",
        "8,OS_ERROR",
        "11,OS_ERROR",
        "17,OS_ERROR",
        "18,INVALID_DESTINATION",
        "19,SOURCE_UNAVAILABLE",
        "50,OS_ERROR",
        "99,OS_ERROR"
    })
    void aFailureOfTheSystemIsNotSent(int status, NotSentReason reason) {
        EchoOutcome.NotSent outcome = failure(status);
        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(11_000 + status));
    }

    @Covers(rules = "OUT-4")
    @ParameterizedTest(name = "IP_STATUS 11000 + {0}")
    @CsvSource({
        "50,11050 (IP_GENERAL_FAILURE): General failure.",
        "99,11099: Known to this system only \u2013.",
        "97,11097",
        "7,11007 (IP_BAD_OPTION)"
    })
    void aFailureHasTheTextThatTheSystemHas(int status, String text) {
        assertThat(failure(status).detail()).isEqualTo("Windows ended the request with IP_STATUS " + text);
    }

    @Test
    void aTextIsReadWholeHoweverLongAndAskedForOnce() {
        assertThat(failure(98).detail()).endsWith("11098: " + "x".repeat(599) + "y");
        int asked = ask("netecho_asked_texts");
        failure(98);
        assertThat(ask("netecho_asked_texts")).isEqualTo(asked);
    }

    private EchoOutcome.NotSent failure(int status) {
        return (EchoOutcome.NotSent)
                requester.send(to("2001:2::18:200:" + status).build());
    }

    @Covers(rules = "OUT-4", cases = "C36")
    @ParameterizedTest(name = "case {0}: error {1} is {2}")
    @CsvSource({
        "0,1231,NO_ROUTE",
        "1,8,OVERLOADED",
        "2,50,UNSUPPORTED",
        "3,5,NOT_PERMITTED",
        "4,6,OS_ERROR",
        "5,122,OS_ERROR",
        "6,1450,OVERLOADED",
        "7,1453,OVERLOADED",
        "8,1816,OVERLOADED",
        "9,9999,OS_ERROR"
    })
    void aCallThatFailsIsNotSentWithTheSystemsText(int d, int error, NotSentReason reason) {
        EchoOutcome.NotSent outcome =
                (EchoOutcome.NotSent) requester.send(to("2001:2::18:201:" + d).build());
        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(error));
        if (error < 9_000) {
            assertThat(outcome.detail()).matches("Windows refused the request with error " + error + ": .+");
        }
    }

    @Covers(rules = "LOAD-3", cases = "C112")
    @Test
    void aLackOfRoomIsWaitedOut() {
        EchoOutcome.Reply reply = reply(to("2001:2::18:204:5").build());
        assertThat(reply.payloadIntact()).isTrue();
        assertThat(requester.requests.sent.get()).isEqualTo(1);
    }

    @Covers(rules = "LOAD-3", cases = "C112")
    @Test
    void aLackOfRoomThatLastsIsOverloadAfterTheTimeout() {
        long begin = System.nanoTime();
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) requester.send(
                to("2001:2::18:201:6").timeout(Duration.ofMillis(300)).build());
        assertThat(Duration.ofNanos(System.nanoTime() - begin)).isGreaterThanOrEqualTo(Duration.ofMillis(300));
        assertThat(outcome.reason()).isEqualTo(NotSentReason.OVERLOADED);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(1450));
    }

    @Covers(rules = "OUT-4")
    @Test
    void anUntouchedBufferIsNeverASuccess() {
        EchoOutcome.NotSent noMemory =
                (EchoOutcome.NotSent) requester.send(to("2001:2::18:202:1").build());
        assertThat(noMemory.reason()).isEqualTo(NotSentReason.OVERLOADED);
        EchoOutcome.NotSent nothing =
                (EchoOutcome.NotSent) requester.send(to("2001:2::18:203:1").build());
        assertThat(nothing.osError()).isEqualTo(OptionalInt.of(11050));
    }

    @Covers(
            rules = {"MAT-1", "MAT-2"},
            cases = {"C72", "C73", "C74", "C75"})
    @Test
    void whatTheSystemDoesNotCompareIsComparedHere() {
        EchoRequest.Builder elsewhere = to("2001:2::18:25:1").timeout(Duration.ofMillis(100));
        assertThat(requester.send(elsewhere.build())).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requester.requests.counters.of(Stray.WRONG_SOURCE)).isEqualTo(OptionalLong.of(1));
        assertThat(reply(to(LabPlan.ALTERED, 20).build()).payloadIntact()).isFalse();
        assertThat(reply(to(LabPlan.SHORTENED, 10).build()).payload().size()).isEqualTo(10);
        assertThat(reply(to(LabPlan.LENGTHENED, 4).build()).payload().size()).isEqualTo(60);
        assertThat(requester.send(
                        to(LabPlan.ALTERED, 3).timeout(Duration.ofMillis(100)).build()))
                .isInstanceOf(EchoOutcome.TimedOut.class);
    }

    @Covers(rules = "OUT-1", cases = "C11")
    @Test
    void hundredsAtOnceEachHaveTheirOwnOutcome() {
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 400; i++) {
            LabPlan row = i % 3 == 0 ? LabPlan.SILENT : i % 3 == 1 ? LabPlan.AT_ONCE : LabPlan.DELAYED;
            all.add(requester.submit(to(row, 1 + i % 20)
                    .timeout(Duration.ofMillis(i % 3 == 0 ? 40 : 10_000))
                    .build()));
        }
        for (int i = 0; i < all.size(); i++) {
            EchoOutcome outcome = all.get(i).await();
            assertThat(outcome)
                    .as("request %d", i)
                    .isInstanceOf(i % 3 == 0 ? EchoOutcome.TimedOut.class : EchoOutcome.Reply.class);
            if (outcome instanceof EchoOutcome.Reply reply) {
                assertThat(reply.responder())
                        .isEqualTo(all.get(i).pending().request().destination());
            }
        }
    }

    @Covers(rules = "END-2", cases = "C117")
    @Test
    void closeEndsWhatIsOutstandingAndWhatWaits() {
        List<Asked> all = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            all.add(requester.submit(
                    to(LabPlan.SILENT, i % 200).timeout(Duration.ofSeconds(30)).build()));
        }
        Await.until("some were sent", () -> requester.requests.sent.get() >= 100);
        assertThatCode(requester::close).doesNotThrowAnyException();
        all.forEach(asked ->
                assertThat(((EchoOutcome.NotSent) asked.await()).reason()).isEqualTo(NotSentReason.CLOSED));
    }
}
