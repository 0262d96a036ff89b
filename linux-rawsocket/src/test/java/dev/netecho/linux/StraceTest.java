// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** As {@code SystemCallFaultTest}, but strace(1) lets the calls fail: no test code is between engine and kernel. */
@InPrivateNamespace
@Timeout(180)
final class StraceTest {
    /** More calls than one thread makes while it opens, fewer than it makes for the requests that follow. */
    private static final int IN_FLIGHT = 50;

    @ParameterizedTest
    @CsvSource({"recvmmsg, DATAGRAM", "sendmmsg, RAW", "epoll_ctl, DATAGRAM"})
    @Covers(rules = "PRO-3", cases = "C95")
    void openingNamesTheCallThatFails(String call, EngineVariant variant) throws Exception {
        assertThat(run(call, 1, variant))
                .startsWith("unavailable: ")
                .contains(call, "EPERM")
                .endsWith("closed\n");
    }

    @ParameterizedTest
    @CsvSource({"recvmmsg, RAW", "sendmmsg, DATAGRAM"})
    @Covers(rules = {"OUT-1", "OUT-4"})
    void aRequestEndsWithTheErrorOfTheCall(String call, EngineVariant variant) throws Exception {
        assertThat(run(call, IN_FLIGHT, variant))
                .startsWith("replies true, then NotSent[")
                .contains(call, "EPERM", "osError=OptionalInt[1]")
                .endsWith("closed\n");
    }

    /** {@code from} is the first call of each thread that fails; all after it do. */
    private static String run(String call, int from, EngineVariant variant) throws Exception {
        Assumptions.assumeTrue(mayTrace(), "strace(1) is not installed, or may not trace here");
        ChildJvm.Result child = ChildJvm.run(
                List.of(
                        "strace",
                        "-f",
                        "-qqq",
                        "--seccomp-bpf", // only the calls that are named stop the child
                        "-o",
                        "/dev/null",
                        "-e",
                        "trace=" + call,
                        "-e",
                        "inject=" + call + ":error=EPERM:when=" + from + "+"),
                ChildJvm.everything(),
                InjectedProgram.class.getName(),
                variant.name());
        assertThat(child.status()).as(child.output()).isZero();
        return child.output();
    }

    private static boolean mayTrace() throws InterruptedException {
        try {
            Process trial = new ProcessBuilder("strace", "-f", "--seccomp-bpf", "-o", "/dev/null", "true")
                    .redirectErrorStream(true)
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .start();
            return trial.waitFor(20, TimeUnit.SECONDS) && trial.exitValue() == 0;
        } catch (IOException e) { // there is no such program
            return false;
        }
    }
}
