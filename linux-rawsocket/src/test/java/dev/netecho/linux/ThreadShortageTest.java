// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.util.List;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A user may have no more threads: a requester says so, leaves nothing open, and opens once there are some. */
@InPrivateNamespace
@Timeout(120)
final class ThreadShortageTest {
    /** No one else's: the limit counts the threads of the user in the whole system. */
    private static final String USER = "64321";

    @ParameterizedTest(name = "loaded before: {0}")
    @ValueSource(booleans = {false, true})
    @Covers(rules = "PRO-3")
    void namesTheLimit(boolean loaded) throws Exception {
        Assumptions.assumeTrue(
                "root".equals(System.getProperty("netecho.test.namespace")),
                "only root can start the child as another user");
        ChildJvm.Result child = ChildJvm.runReadable(
                List.of("prlimit", "--nproc=100", "setpriv", "--reuid", USER, "--regid", "65534", "--clear-groups"),
                // No thread of the JVM itself may end meanwhile: it would leave its place to that of a requester.
                "-XX:+UseSerialGC",
                "-XX:-UseDynamicNumberOfCompilerThreads",
                ThreadShortageProgram.class.getName(),
                "DATAGRAM",
                loaded ? "loaded" : "new");
        assertThat(child.status()).as(child.output()).isZero();
        List<String> lines = child.output().lines().toList();
        assertThat(lines.stream().filter(line -> line.contains(", open: ") && !line.startsWith("at first")))
                .as(child.output())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line).contains("unavailable: ", "thread", "ulimit -u", "pids.max"));
        assertThat(lines.stream().filter(line -> line.contains(", availability: ") && !line.startsWith("at first")))
                .as(child.output())
                .hasSize(2)
                .allSatisfy(line -> assertThat(line)
                        .satisfiesAnyOf(
                                text -> assertThat(text).contains("thread", "ulimit -u", "pids.max"),
                                text -> assertThat(text).contains(": available")));
        if (loaded) { // else what is loaded meanwhile opens files
            assertThat(lines).contains("descriptors more: 0");
        }
        assertThat(lines).contains("later: reply");
    }
}
