// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoUnavailableException;
import dev.netecho.IpVersion;
import dev.netecho.NotSentReason;
import dev.netecho.spi.EchoConfig;
import dev.netecho.testkit.backend.StrayCounts;
import dev.netecho.windows.FakeWindows.Sent;
import dev.netecho.windows.Requests.Asked;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every call of the system, failing as its documentation says: at open and in flight, once and for ever. Each request
 * gets exactly one outcome, in time and with the true reason; nothing leaks, nothing spins, and what works again is
 * used again.
 */
@Timeout(60)
final class WindowsInjectionTest {
    private static final int FOR_EVER = Integer.MAX_VALUE;
    private static final EchoConfig CONFIG = new EchoConfig("icmp-echo-test", Map.of(), new StrayCounts());

    private static String host(String function) {
        return function.equals("Icmp6SendEcho2") ? FakeRequester.HOST_V6 : FakeRequester.HOST;
    }

    private static void works(FakeRequester requester, String host) {
        Asked asked = requester.submit(Requests.to(host, FakeRequester.LONG));
        Await.until("it is answered", () -> {
            requester.windows.awaitSent(0).forEach(each -> requester.windows.reply(each, 0));
            return asked.isDone();
        });
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
    }

    @ParameterizedTest(name = "{0} fails with {1}: {2}")
    @CsvSource({
        "IcmpSendEcho2Ex,5,NOT_PERMITTED",
        "IcmpSendEcho2Ex,6,OS_ERROR",
        "IcmpSendEcho2Ex,8,OVERLOADED",
        "IcmpSendEcho2Ex,50,UNSUPPORTED",
        "IcmpSendEcho2Ex,87,OS_ERROR",
        "IcmpSendEcho2Ex,120,UNSUPPORTED",
        "IcmpSendEcho2Ex,122,OS_ERROR",
        "IcmpSendEcho2Ex,1214,INVALID_DESTINATION",
        "IcmpSendEcho2Ex,1231,NO_ROUTE",
        "IcmpSendEcho2Ex,1232,NO_ROUTE",
        "IcmpSendEcho2Ex,1450,OVERLOADED",
        "IcmpSendEcho2Ex,1816,OVERLOADED",
        "IcmpSendEcho2Ex,10013,NOT_PERMITTED",
        "IcmpSendEcho2Ex,11001,OS_ERROR",
        "IcmpSendEcho2Ex,11018,INVALID_DESTINATION",
        "IcmpSendEcho2Ex,11050,OS_ERROR",
        "Icmp6SendEcho2,5,NOT_PERMITTED",
        "Icmp6SendEcho2,8,OVERLOADED",
        "Icmp6SendEcho2,50,UNSUPPORTED",
        "Icmp6SendEcho2,87,OS_ERROR",
        "Icmp6SendEcho2,120,UNSUPPORTED",
        "Icmp6SendEcho2,122,OS_ERROR",
        "Icmp6SendEcho2,1231,NO_ROUTE",
        "Icmp6SendEcho2,11004,NOT_PERMITTED"
    })
    void aRefusedCallIsNeverATimeOut(String function, int error, NotSentReason reason) {
        try (FakeRequester requester = new FakeRequester()) {
            FakeWindows windows = requester.windows;
            windows.fail(function, FOR_EVER, error);
            List<Asked> all = new ArrayList<>();
            for (int i = 0; i < 5; i++) {
                all.add(requester.submit(Requests.to(host(function), Duration.ofMillis(60))));
            }
            for (Asked asked : all) {
                EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) asked.await();
                assertThat(outcome.reason()).isEqualTo(reason);
                assertThat(outcome.osError()).hasValue(error);
            }
            assertThat(windows.calls.get()).as("it does not spin").isLessThan(60);
            windows.heal();
            works(requester, host(function));

            windows.fail(function, 1, error);
            Asked once = requester.submit(Requests.to(host(function), FakeRequester.LONG));
            if (reason == NotSentReason.OVERLOADED) { // waited out (SPEC LOAD-3)
                windows.reply(requester.sent(), 0);
                assertThat(once.await()).isInstanceOf(EchoOutcome.Reply.class);
            } else {
                assertThat(((EchoOutcome.NotSent) once.await()).reason()).isEqualTo(reason);
            }
            works(requester, host(function));
        }
    }

    @Test
    void aCallThatNeitherTakesNorRefusesIsNoTimeOut() {
        try (FakeRequester requester = new FakeRequester()) {
            FakeWindows windows = requester.windows;
            windows.fail("IcmpSendEcho2Ex", 1, 0);
            EchoOutcome.NotSent outcome = (EchoOutcome.NotSent)
                    requester.submit(Duration.ofMillis(50)).await();
            assertThat(outcome.reason()).isEqualTo(NotSentReason.OS_ERROR);
            works(requester, FakeRequester.HOST);
            assertThat(windows.heap.live())
                    .as("its memory may still be written to")
                    .isEqualTo(1);
            windows.heap.forget();
            closesWithALostCompletion(requester);
        }
    }

    /** The worker waits for a completion that never comes: close must not. */
    private static void closesWithALostCompletion(FakeRequester requester) {
        Thread closer = new Thread(requester.engine::close);
        closer.start();
        assertThat(((EchoOutcome.NotSent) requester.submit(FakeRequester.LONG).await()).reason())
                .isIn(NotSentReason.CLOSED);
        requester.abandon();
    }

    @ParameterizedTest(name = "{0} throws")
    @ValueSource(
            strings = {
                "IcmpSendEcho2Ex",
                "Icmp6SendEcho2",
                "IcmpParseReplies",
                "SleepEx",
                "WaitForSingleObjectEx",
                "FormatMessageW",
                "GetIpErrorString"
            })
    void whateverIsThrownOneRequestPaysForItAtMost(String function) {
        List<Supplier<Error>> kinds = List.of(
                () -> new OutOfMemoryError("by the test"),
                () -> new StackOverflowError("by the test"),
                () -> new Error("Invalid memory access"));
        for (Supplier<Error> kind : kinds) {
            try (FakeRequester requester = new FakeRequester()) {
                FakeWindows windows = requester.windows;
                windows.fail(function, 1, kind);
                if (function.equals("FormatMessageW")) {
                    windows.error = 87;
                }
                Asked asked = requester.submit(Requests.to(host(function), FakeRequester.LONG));
                Await.until("it has an outcome", () -> {
                    int status = function.equals("GetIpErrorString") ? 11_050 : 0;
                    for (Sent each : windows.awaitSent(0)) {
                        windows.complete(each, status, each.destination(), 0, 57, each.data());
                    }
                    return asked.isDone();
                });
                windows.error = FakeWindows.PENDING;
                if (asked.await() instanceof EchoOutcome.NotSent outcome) {
                    assertThat(outcome.reason()).isIn(NotSentReason.OVERLOADED, NotSentReason.OS_ERROR);
                } else {
                    assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
                }
                works(requester, host(function));
                if (function.equals("IcmpSendEcho2Ex") || function.equals("Icmp6SendEcho2")) {
                    assertThat(windows.heap.live())
                            .as("leaked on purpose: the system may write to it")
                            .isEqualTo(1);
                    windows.heap.forget();
                }
            }
        }
    }

    @Test
    void aThreadThatCannotBeWokenIsNoSilence() {
        try (FakeRequester requester = new FakeRequester()) {
            FakeWindows windows = requester.windows;
            works(requester, FakeRequester.HOST);
            windows.fail("SetEvent", FOR_EVER, 6);
            boolean refused = false;
            for (int i = 0; i < 1_000 && !refused; i++) { // the thread may be about to rest
                Asked asked = requester.submit(FakeRequester.LONG);
                Await.until("it has an outcome", () -> {
                    windows.awaitSent(0).forEach(each -> windows.reply(each, 0));
                    return asked.isDone();
                });
                refused = asked.await() instanceof EchoOutcome.NotSent outcome
                        && outcome.reason() == NotSentReason.OS_ERROR
                        && outcome.osError().getAsInt() == 6;
            }
            assertThat(refused).isTrue();
            windows.heal();
            works(requester, FakeRequester.HOST);
        }
    }

    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {6, 87})
    void waitsThatFailForEverNeitherSpinNorLose(int error) {
        try (FakeRequester requester = new FakeRequester()) {
            FakeWindows windows = requester.windows;
            windows.fail("WaitForSingleObjectEx", FOR_EVER, error);
            works(requester, FakeRequester.HOST);
            int before = windows.waits.get();
            long begin = System.nanoTime();
            requester.submit(Duration.ofMillis(100)).await();
            long rounds = Duration.ofNanos(System.nanoTime() - begin).toMillis() / 10 + 2;
            assertThat((long) windows.waits.get() - before)
                    .as("three calls a round")
                    .isLessThan(8 * rounds);
            windows.heal();
            works(requester, FakeRequester.HOST);
        }
    }

    @ParameterizedTest(name = "the driver ends it with {0}: {1}")
    @CsvSource({
        "0xC0000017,OVERLOADED",
        "0xC0000022,NOT_PERMITTED",
        "0xC00000BB,UNSUPPORTED",
        "0xC000023C,NO_ROUTE",
        "0xC000023D,NO_ROUTE",
        "0xC0000120,OS_ERROR"
    })
    void aCompletionThatFailedIsNoTimeOut(String number, NotSentReason reason) {
        int status = Long.decode(number).intValue();
        for (String host : List.of(FakeRequester.HOST, FakeRequester.HOST_V6)) {
            try (FakeRequester requester = new FakeRequester()) {
                Asked asked = requester.submit(Requests.to(host, FakeRequester.LONG));
                requester.windows.untouched(requester.sent(), status);
                EchoOutcome.NotSent outcome = (EchoOutcome.NotSent) asked.await();
                assertThat(outcome.reason()).isEqualTo(reason);
                assertThat(outcome.osError()).hasValue(status);
                works(requester, host);
            }
        }
    }

    @Test
    void placesOfLostCompletionsComeBack() {
        PendingCalls calls = new PendingCalls(new FakeWindows().system(), thrown -> {});
        Requests requests = new Requests();
        FakeWindows windows = new FakeWindows();
        for (int i = 0; i < 3; i++) {
            PendingCall echo = calls.add(
                    requests.ask(Requests.to(FakeRequester.HOST, FakeRequester.LONG))
                            .pending(),
                    new Ipv4Handle(windows.system(), windows, 1, new byte[0]),
                    new RequestMemory(
                            windows.heap, IpVersion.V4, windows.system().width(), 8, 0),
                    1);
            echo.overdueNanos = i * 10L;
        }
        calls.writeOff(10, 10);
        assertThat(calls.size()).isEqualTo(1);
        calls.writeOff(100, 2);
        assertThat(calls.size()).as("a bound on what is written off").isEqualTo(1);
        calls.forEach(echo -> {
            calls.remove(echo);
            echo.memory.free();
        });
        assertThat(calls.size()).isZero();
        assertThat(windows.heap.live()).isZero();
    }

    // --- at open

    private static void opensNot(FakeWindows windows, String text) {
        assertThatThrownBy(() -> WindowsEngine.open(CONFIG, WindowsSettings.of(CONFIG), windows.system()))
                .isInstanceOf(EchoUnavailableException.class)
                .hasMessageContaining(text);
        assertThat(windows.openHandles.get()).as("handles").isZero();
        assertThat(windows.heap.live()).isZero();
    }

    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {5, 8, 50, 120, 1450})
    void aSystemWithoutHandlesSaysWhich(int error) {
        FakeWindows windows = new FakeWindows();
        windows.fail("IcmpCreateFile", FOR_EVER, error);
        windows.fail("Icmp6CreateFile", FOR_EVER, error);
        opensNot(windows, "IcmpCreateFile failed with error " + error);
        windows.heal();
        windows.fail("CreateEventW", 1, error);
        opensNot(windows, "CreateEventW failed with error " + error);
    }

    @ParameterizedTest(name = "{0}")
    @ValueSource(strings = {"Icmp6CreateFile", "CreateEventW", "FormatMessageW"})
    void memoryThatEndsHalfwayLeavesNoHandleOpen(String function) {
        FakeWindows windows = new FakeWindows();
        Supplier<Error> end = () -> new OutOfMemoryError("by the test");
        if (function.equals("FormatMessageW")) {
            windows.fail("Icmp6CreateFile", 1, 120);
        }
        windows.fail(function, 1, end);
        assertThatThrownBy(() -> WindowsEngine.open(CONFIG, WindowsSettings.of(CONFIG), windows.system()))
                .isInstanceOf(OutOfMemoryError.class)
                .hasMessage("by the test");
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }

    @Test
    void aHandleThatCannotBeClosedKeepsNoOtherOpen() {
        FakeRequester requester = new FakeRequester();
        requester.windows.fail("IcmpCloseHandle", 1, () -> new Error("Invalid memory access"));
        requester.close();
    }
}
