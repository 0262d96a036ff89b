// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOptions;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoPayload;
import dev.netecho.EchoRequest;
import dev.netecho.NotSentReason;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the system is asked for, and what it is held to. */
@Timeout(60)
final class WindowsEngineCallTest extends FakeEngineTest {
    @Test
    void theCallIsMadeAsTheRequestSays() {
        options.put(WindowsOptions.IP_OPTIONS, new byte[] {7, 7, 4, 0, 0, 0, 0, 0});
        options.put(WindowsOptions.TRAFFIC_CLASS, true);
        open();
        submit(EchoRequest.newBuilder(Requests.address(HOST))
                .source(Requests.address("198.18.0.2"))
                .options(EchoOptions.DEFAULT
                        .withHopLimit(9)
                        .withTrafficClass(0xb8)
                        .withDontFragment(true))
                .payload(EchoPayload.of(new byte[] {1, 2, 3}))
                .timeout(Duration.ofMillis(1500))
                .build());
        Sent sent = sent();

        assertThat(sent.destination()).containsExactly(198, 18, 1, 1);
        assertThat(sent.source()).containsExactly(198, 18, 0, 2);
        assertThat(sent.data()).containsExactly(1, 2, 3);
        assertThat(sent.options()).startsWith(9, 0xb8, 2, 8);
        assertThat(sent.ipOptions()).containsExactly(7, 7, 4, 0, 0, 0, 0, 0);
        assertThat(sent.timeout()).isEqualTo(1501);
        assertThat(sent.replySize()).isGreaterThanOrEqualTo(40 + 8 + 3 + 8 + 16);
        assertThat(sent.apcContext()).isPositive();
    }

    @Test
    void withoutOptionsNoneAreGiven() {
        open();
        submit(LONG);
        assertThat(sent().options()).isEmpty();
        assertThat(sent().source()).containsOnly(0);
    }

    @Test
    void theDefaultHopLimitIsNeverZero() {
        open();
        submit(EchoRequest.newBuilder(Requests.address(HOST))
                .options(EchoOptions.DEFAULT.withDontFragment(true))
                .timeout(LONG)
                .build());
        assertThat(sent().options()).startsWith(128, 0, 2, 0);
    }

    @ParameterizedTest(name = "timeout {0} ms, longest wait {1} ms: the system is told {2}")
    @CsvSource({"1,,1000", "999,,1000", "1000,,1001", "30000,,30001", "30000,2000,2000", "9999999999,,2147483646"})
    void theSystemsTimeoutIsNeverBelowASecond(long millis, Long longest, int expected) {
        if (longest != null) {
            options.put(WindowsOptions.LONGEST_WAIT, Duration.ofMillis(longest));
        }
        open();
        submit(Duration.ofMillis(millis));
        assertThat(sent().timeout()).isEqualTo(expected);
    }

    @Test
    void tokensAreNeverUsedTwice() {
        open();
        for (int i = 0; i < 50; i++) {
            submit(LONG);
        }
        assertThat(windows.awaitSent(50).stream()
                        .map(s -> ByteBuffer.wrap(s.data()).getLong(0)))
                .doesNotHaveDuplicates();
    }

    @ParameterizedTest(name = "error {0} is {1}")
    @CsvSource({
        "5,NOT_PERMITTED,text of 5",
        "6,OS_ERROR,text of 6",
        "50,UNSUPPORTED,text of 50",
        "87,OS_ERROR,text of 87",
        "122,OS_ERROR,text of 122",
        "1214,INVALID_DESTINATION,text of 1214",
        "1231,NO_ROUTE,text of 1231",
        "11001,OS_ERROR,IP_BUF_TOO_SMALL): status 11001.",
        "11050,OS_ERROR,IP_GENERAL_FAILURE): status 11050.",
        "11999,OS_ERROR,IP_STATUS 11999: status 11999.",
        "4711,OS_ERROR,text of 4711"
    })
    void aCallThatFailsIsNotSentWithItsNumberAndText(int error, NotSentReason reason, String text) {
        windows.error = error;
        open();
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) submit(LONG).await();
        assertThat(outcome.reason()).isEqualTo(reason);
        assertThat(outcome.osError()).isEqualTo(OptionalInt.of(error));
        assertThat(outcome.detail()).contains(String.valueOf(error)).contains(text);
        assertThat(requests.sent.get()).isZero();
    }

    @Test
    void aCallOfUnknownResultEndsOnlyItsRequest() {
        open();
        windows.callsFail = true;
        EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) submit(LONG).await();
        assertThat(outcome.reason()).isEqualTo(NotSentReason.OS_ERROR);
        assertThat(outcome.detail()).contains("Invalid memory access");
        assertThat(windows.heap.live()).as("the system may still write to it").isEqualTo(1);
        windows.heap.forget();

        windows.callsFail = false;
        Asked next = submit(LONG);
        windows.reply(sent(), 0);
        assertThat(next.await()).isInstanceOf(EchoOutcome.Reply.class);
    }
}
