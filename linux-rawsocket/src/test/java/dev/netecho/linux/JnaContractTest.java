// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/**
 * The contract for {@code linux-datagram} through JNA, on a JDK where all other tests use {@code java.lang.foreign}: in
 * a JVM and a network namespace of its own, with its own lab.
 */
@Timeout(400)
@EnabledForJreRange(minVersion = 22, disabledReason = "on older JDKs all tests use JNA")
final class JnaContractTest {
    private static final Duration PATIENCE = Duration.ofMinutes(6);
    private static final int FEWEST = 150;

    @Test
    void thereEveryTestPasses() throws Exception {
        ChildJvm.Result child = ChildJvm.run(
                PATIENCE,
                List.of("unshare", "--net", "sh", "-c", "ip link set lo up && exec \"$@\"", "sh"),
                "-Dnetecho.binding=jna",
                "-Dnetecho.ci=" + Boolean.getBoolean("netecho.ci"),
                "-Dnetecho.test.namespace=" + System.getProperty("netecho.test.namespace", "none"),
                ContractProgram.class.getName());

        assertThat(child.status()).as(child.output()).isZero();
        assertThat(child.output().lines())
                .contains("system calls through JNA")
                .noneMatch(l -> l.startsWith("failed\t"));
        assertThat(child.output()
                        .lines()
                        .filter(line -> line.startsWith("passed: "))
                        .mapToInt(line -> Integer.parseInt(line.substring("passed: ".length())))
                        .sum())
                .isGreaterThan(FEWEST);
    }
}
