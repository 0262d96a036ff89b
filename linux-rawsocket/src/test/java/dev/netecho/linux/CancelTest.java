// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is cancelled while it waits does not stay in memory. */
@InPrivateNamespace
@Timeout(120)
final class CancelTest {
    @ParameterizedTest
    @EnumSource
    @Covers(rules = "END-1", cases = "C124")
    void leavesTheQueue(EngineVariant variant) throws Exception {
        ChildJvm.Result result = ChildJvm.run(
                List.of(),
                ChildJvm.everything(),
                "-Xmx64m",
                CancelProgram.class.getName(),
                variant.name(),
                "1500000",
                "50000");
        assertThat(result.status()).as(result.output()).isZero();
        assertThat(result.output()).contains("cancelled 1500000").doesNotContain("OutOfMemoryError");
    }
}
