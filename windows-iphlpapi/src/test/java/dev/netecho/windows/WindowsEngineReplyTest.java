// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.TimestampSource;
import dev.netecho.spi.Stray;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a completion means. */
@Timeout(60)
final class WindowsEngineReplyTest extends FakeEngineTest {
    @Test
    void aReplyCarriesWhatTheSystemSaid() {
        open();
        Asked asked = submit(LONG);
        windows.reply(sent(), 0);

        EchoOutcome.Reply reply = (EchoOutcome.Reply) asked.await();
        assertThat(reply.responder()).isEqualTo(Requests.address(HOST));
        assertThat(reply.hopLimit()).isEqualTo(OptionalInt.of(57));
        assertThat(reply.timestampSource()).isEqualTo(TimestampSource.SYSTEM_MILLISECONDS);
        assertThat(reply.roundTripTime()).isBetween(Duration.ZERO, Duration.ofMillis(1));
        assertThat(reply.payloadIntact()).isTrue();
        assertThat(reply.payload()).isEqualTo(EchoPayload.DEFAULT);
        Await.until("its memory is freed", () -> windows.heap.live() == 0);
    }

    @Test
    void anIpv6ReplyIsReadByItsOwnLayout() {
        open();
        Asked asked = submit(Requests.to(HOST_V6, LONG));
        Sent sent = sent();
        assertThat(sent.six()).isTrue();
        assertThat(sent.destination()).isEqualTo(Requests.address(HOST_V6).getAddress());
        assertThat(sent.source()).containsOnly(0);
        windows.reply(sent, 3);

        EchoOutcome.Reply reply = (EchoOutcome.Reply) asked.await();
        assertThat(reply.responder()).isEqualTo(Requests.address(HOST_V6));
        assertThat(reply.hopLimit()).isEmpty();
        assertThat(reply.roundTripTime()).isBetween(Duration.ofMillis(3), Duration.ofMillis(4));
        assertThat(reply.payloadIntact()).isTrue();
    }

    @Test
    void aReplyFromElsewhereIsNoReply() {
        open();
        Asked asked = submit(Duration.ofMillis(60));
        Sent sent = sent();
        windows.complete(sent, 0, FakeWindows.address("198.18.253.1"), 0, 60, sent.data());
        assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requests.counters.of(Stray.WRONG_SOURCE)).isEqualTo(OptionalLong.of(1));
    }

    /**
     * Distances from the reply: into its structure, before it, and so far away that the end of the data has no number.
     */
    @ParameterizedTest(name = "{0}")
    @ValueSource(longs = {0, 39, -1, Long.MIN_VALUE, Long.MAX_VALUE, Long.MAX_VALUE - 3, Integer.MAX_VALUE, 1L << 32})
    void dataOutsideTheReplyIsNotRead(long distance) {
        open();
        Asked asked = submit(Duration.ofMillis(60));
        windows.misdirect(sent(), distance);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requests.counters.of(Stray.ALTERED)).isEqualTo(OptionalLong.of(1));
    }

    @Test
    void dataIsReadUpToTheEndOfTheReplyBufferAndNotBeyond() {
        open();
        for (int beyond = 0; beyond <= 1; beyond++) {
            Asked asked = submit(Duration.ofMillis(60));
            Sent sent = sent();
            int distance = sent.replySize() - sent.data().length + beyond;
            windows.heap.buffer(sent.reply(), sent.replySize()).put(distance - beyond, sent.data());
            windows.misdirect(sent, distance);
            EchoOutcome outcome = asked.await();
            if (beyond == 0) {
                assertThat(((EchoOutcome.Reply) outcome).payloadIntact()).isTrue();
            } else {
                assertThat(outcome).isInstanceOf(EchoOutcome.TimedOut.class);
            }
        }
    }

    @ParameterizedTest(name = "byte {0}")
    @ValueSource(ints = {0, 7})
    void aReplyWithAnotherTokenNamesNoRequest(int position) {
        open();
        Asked asked = submit(Duration.ofMillis(60));
        Sent sent = sent();
        byte[] data = sent.data().clone();
        data[position] ^= 1;
        windows.complete(sent, 0, sent.destination(), 0, 60, data);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.TimedOut.class);
        assertThat(requests.counters.of(Stray.ALTERED)).isEqualTo(OptionalLong.of(1));
    }

    @ParameterizedTest(name = "{0} bytes")
    @ValueSource(ints = {8, 55, 57})
    void aReplyWithOtherDataIsNotIntact(int size) {
        open();
        Asked asked = submit(LONG);
        Sent sent = sent();
        windows.complete(sent, 0, sent.destination(), 0, 60, Arrays.copyOf(sent.data(), size));
        EchoOutcome.Reply reply = (EchoOutcome.Reply) asked.await();
        assertThat(reply.payloadIntact()).isFalse();
        assertThat(reply.payload().size()).isEqualTo(size);
        assertThat(requests.counters.of(Stray.ALTERED)).isEqualTo(OptionalLong.of(1));
    }

    @ParameterizedTest(name = "NTSTATUS {0}")
    @CsvSource({"0,OS_ERROR,11050", "-1073741801,OVERLOADED,-1073741801", "-1073741811,OS_ERROR,-1073741811"})
    void anUntouchedBufferIsNeverASuccess(int ntStatus, NotSentReason reason, int number) {
        open();
        for (String host : List.of(HOST, HOST_V6)) {
            Asked asked = submit(Requests.to(host, LONG));
            windows.untouched(sent(), ntStatus);
            EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) asked.await();
            assertThat(outcome.reason()).isEqualTo(reason);
            assertThat(outcome.osError()).isEqualTo(OptionalInt.of(number));
        }
    }

    @Test
    void anIcmpErrorHasItsResponder() {
        open();
        Asked asked = submit(LONG);
        windows.status(sent(), 11004, "198.18.254.1");
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) asked.await();
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.PROTOCOL_UNREACHABLE);
        assertThat(error.responder()).isEqualTo(Requests.address("198.18.254.1"));
        assertThat(error.type()).isEmpty();
        assertThat(error.nextHopMtu()).isEmpty();
    }

    @Test
    void theSameNumberMeansSomethingElseForIpv6() {
        open();
        Asked asked = submit(Requests.to(HOST_V6, LONG));
        windows.status(sent(), 11004, "2001:2::18:254:1");
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) asked.await();
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.ADMINISTRATIVELY_PROHIBITED);
        assertThat(error.responder()).isEqualTo(Requests.address("2001:2::18:254:1"));
    }

    @Test
    void unreachableWithoutAResponderIsOurOwnLackOfARoute() {
        open();
        Asked asked = submit(LONG);
        windows.status(sent(), 11003, "0.0.0.0");
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) asked.await();
        assertThat(outcome.reason()).isEqualTo(NotSentReason.NO_ROUTE);
        assertThat(outcome.detail()).contains("11003", "IP_DEST_HOST_UNREACHABLE");
    }
}
