// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.EchoOutcome;
import dev.netecho.EchoRequester;
import dev.netecho.EchoUnavailableException;
import dev.netecho.NotSentReason;
import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.libc.SeccompFilter;
import dev.netecho.linux.libc.Socket;
import dev.netecho.testkit.RecordedLog;
import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A real system-call filter denies one call, to a process that has every right that Linux asks for. */
@EngineTest
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class SeccompTest {
    private static final Duration TIMEOUT = Duration.ofMillis(100);
    private static final int PATIENCE_SECONDS = 20;

    @Parameter
    EngineVariant variant;

    /** Threads that stay in this process must not be born with a filter. */
    @BeforeEach
    void startWhatStays() throws Exception {
        try (EchoRequester requester = variant.open()) {
            Outcomes.reply(requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(20))));
        }
    }

    static Stream<Arguments> denials() {
        List<Arguments> all = new ArrayList<>();
        for (String call :
                List.of("socket", "recvmmsg", "sendmmsg", "eventfd", "epoll_create1", "epoll_ctl", "epoll_wait")) {
            for (int errno : new int[] {Errno.EPERM, Errno.ENOSYS, Errno.EACCES}) {
                all.add(Arguments.of(call, errno));
            }
        }
        return all.stream();
    }

    @ParameterizedTest(name = "{0}, errno {1}")
    @MethodSource("denials")
    @Covers(rules = "PRO-3", cases = "C95")
    void openingNamesTheCallAndTheFilter(String call, int errno) throws Exception {
        String message = onFilteredThread(call, errno, () -> {
            try (EchoRequester requester = variant.open()) {
                EchoOutcome outcome = requester.send(Loopback.request(Loopback.V4, TIMEOUT));
                return "opened, " + outcome;
            } catch (EchoUnavailableException e) {
                return e.getMessage();
            }
        });
        assertThat(message)
                .contains(call)
                .contains(Errno.describe(errno))
                .contains("a system-call filter (seccomp) is active in this process: allow " + call + " in its profile")
                .contains("seccomp filter yes")
                .doesNotContain("MARK", "setcap", "ping_group_range=");
    }

    /** An older kernel or container runtime does not know the call: the loop then waits whole milliseconds. */
    @ParameterizedTest(name = "errno {0}")
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
    @Covers(rules = "PRO-3", cases = "C95")
    void epollPwait2MayBeDenied(int errno) throws Exception {
        String outcomes = onFilteredThread("epoll_pwait2", errno, () -> {
            try (EchoRequester requester = variant.open()) {
                return requester
                        .send(Loopback.request(Loopback.V4, Duration.ofSeconds(PATIENCE_SECONDS)))
                        .toString();
            }
        });
        assertThat(outcomes).startsWith("Reply[");
    }

    @ParameterizedTest(name = "errno {0}")
    @ValueSource(ints = {Errno.EPERM, Errno.ENOSYS})
    @Covers(rules = {"OUT-1", "OUT-4"})
    void epollPwait2MayBeDeniedLater(int errno) throws Exception {
        try (EchoRequester requester = variant.open()) {
            CompletableFuture<Void> installed = new CompletableFuture<>();
            requester.sendAsync(Loopback.request(Loopback.V4, TIMEOUT), (request, outcome) -> {
                SeccompFilter.deny("epoll_pwait2", errno);
                installed.complete(null);
            });
            installed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (int i = 0; i < 3; i++) {
                Outcomes.reply(requester.send(Loopback.request(Loopback.V4, Duration.ofSeconds(PATIENCE_SECONDS))));
            }
        }
    }

    static Stream<Arguments> denialsInFlight() {
        return denials()
                .filter(each -> List.of("recvmmsg", "sendmmsg").contains(each.get()[0]))
                .filter(each -> !each.get()[1].equals(Errno.EACCES));
    }

    @ParameterizedTest(name = "{0}, errno {1}")
    @MethodSource("denialsInFlight")
    @Covers(rules = {"OUT-1", "OUT-4"})
    void requestsEndWithTheErrorWhenTheFilterComesLater(String call, int errno) throws Exception {
        try (EchoRequester requester = variant.open()) {
            CompletableFuture<Void> installed = new CompletableFuture<>();
            requester.sendAsync(Loopback.request(Loopback.V4, TIMEOUT), (request, outcome) -> {
                try {
                    SeccompFilter.deny(
                            // On the thread of the engine, which lives as long as the requester.
                            call, errno);
                    installed.complete(null);
                } catch (RuntimeException | Error e) {
                    installed.completeExceptionally(e);
                }
            });
            installed.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
            for (boolean ipv6 : new boolean[] {false, true}) {
                EchoOutcome outcome = requester.send(Loopback.request(Loopback.address(ipv6), TIMEOUT));
                assertThat(outcome).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
                    assertThat(refused.osError()).hasValue(errno);
                    assertThat(refused.detail()).contains(call).contains(Errno.describe(errno));
                    if (call.equals("sendmmsg")) {
                        assertThat(refused.detail()).contains("seccomp").doesNotContain("packet filter");
                    } else {
                        assertThat(refused.reason()).isEqualTo(NotSentReason.OS_ERROR);
                        Await.until(
                                "the log names the call",
                                () -> RecordedLog.lines().stream()
                                        .anyMatch(line -> line.text().contains("recvmmsg: ")));
                    }
                });
            }
        }
    }

    @Test
    @Covers(rules = {"PRO-4", "OUT-4"})
    void aFamilyThatIsDeniedIsMissingWithItsCause() throws Exception {
        FutureTask<EchoOutcome> filtered = new FutureTask<>(() -> {
            SeccompFilter.denySocket(Socket.AF_INET6, Errno.EACCES);
            try (EchoRequester requester = variant.open()) {
                return requester.send(Loopback.request(Loopback.V6, TIMEOUT));
            }
        });
        Thread thread = new Thread(filtered, "filtered");
        thread.start();
        EchoOutcome outcome = filtered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        assertThat(outcome).isInstanceOfSatisfying(EchoOutcome.NotSent.class, refused -> {
            assertThat(refused.reason()).isEqualTo(NotSentReason.UNSUPPORTED);
            assertThat(refused.detail()).contains("IPV6", "socket(", Errno.describe(Errno.EACCES));
        });
    }

    /** RestrictAddressFamilies= of systemd returns what a kernel without IPv6 does. */
    @Test
    @Covers(
            rules = {"PRO-3", "PRO-4"},
            cases = "C95")
    void aFamilyThatSystemdDeniesHasBothRemedies() throws Exception {
        String remedy = onFilteredThread(
                () -> SeccompFilter.denySocket(Socket.AF_INET6, Errno.EAFNOSUPPORT),
                () -> variant.provider().availability().remedy());
        assertThat(remedy).contains("RestrictAddressFamilies=", "AF_INET6", "ipv6.disable=1");
    }

    private static String onFilteredThread(String call, int errno, Callable<String> task) throws Exception {
        return onFilteredThread(() -> SeccompFilter.deny(call, errno), task);
    }

    private static String onFilteredThread(Runnable filter, Callable<String> task) throws Exception {
        FutureTask<String> filtered = new FutureTask<>(() -> {
            filter.run();
            return task.call();
        });
        Thread thread = new Thread(filtered, "filtered");
        thread.start();
        try {
            return filtered.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } finally {
            thread.join(TimeUnit.SECONDS.toMillis(PATIENCE_SECONDS));
        }
    }
}
