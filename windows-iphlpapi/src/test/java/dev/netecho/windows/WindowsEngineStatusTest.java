// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.IcmpErrorKind;
import dev.netecho.NotSentReason;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.util.OptionalInt;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a completion means whose parts do not fit each other. */
@Timeout(60)
final class WindowsEngineStatusTest {
    private static final int STATUS_UNSUCCESSFUL = 0xC000_0001;
    private static final String ROUTER = "198.18.254.1";
    private static final String ROUTER_V6 = "2001:2::18:254:1";

    private final FakeRequester requester = new FakeRequester();
    private final FakeWindows windows = requester.windows;

    @AfterEach
    void nothingIsLeft() {
        requester.close();
    }

    private EchoOutcome failed(int status, String responder) {
        Asked asked = requester.submit(Requests.to(FakeRequester.HOST_V6, FakeRequester.LONG));
        Sent sent = requester.sent();
        windows.complete(sent, STATUS_UNSUCCESSFUL, status, FakeWindows.address(responder), 0, 0, new byte[0]);
        return asked.await();
    }

    @Test
    void aFailedIpv6CompletionKeepsErrorAndResponder() {
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) failed(11003, ROUTER_V6);
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.ADDRESS_UNREACHABLE);
        assertThat(error.responder()).isEqualTo(Requests.address(ROUTER_V6));
    }

    @ParameterizedTest(name = "IP_STATUS {0}: {1}")
    @CsvSource({"0,11050", "11050,-1073741823"})
    void aFailedIpv6CompletionIsNoReply(int status, int number) {
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) failed(status, FakeRequester.HOST_V6);
        assertThat(outcome.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(number));
    }

    @ParameterizedTest(name = "from {0}")
    @ValueSource(strings = {FakeRequester.HOST, FakeRequester.HOST_V6})
    void anAnswerWithoutRoomIsAnErrorOfTheSystemThatSaysSo(String host) {
        Asked asked = requester.submit(Requests.to(host, FakeRequester.LONG));
        windows.status(requester.sent(), 11001, host);
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) asked.await();
        assertThat(outcome.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(11001));
        assertThat(outcome.detail()).contains("the request was sent", "answer came that is longer");
    }

    @ParameterizedTest(name = "IP_STATUS {0} from {1}")
    @CsvSource({"11042," + ROUTER, "11043," + ROUTER, "11045," + ROUTER, "11012," + ROUTER_V6, "11016," + ROUTER_V6})
    void aRoutersAnswerIsAnIcmpErrorForAnyNumber(int status, String router) {
        Asked asked = requester.submit(
                Requests.to(router.equals(ROUTER) ? FakeRequester.HOST : FakeRequester.HOST_V6, FakeRequester.LONG));
        windows.status(requester.sent(), status, router);
        EchoOutcome.IcmpError error = (EchoOutcome.IcmpError) asked.await();
        assertThat(error.kind()).isEqualTo(IcmpErrorKind.OTHER);
        assertThat(error.responder()).isEqualTo(Requests.address(router));
    }
}
