// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Memory runs out in listeners, on the loop and in callers: no accepted request loses its outcome. */
@InPrivateNamespace
@Timeout(60)
final class MemoryShortageTest {
    @Covers(rules = {"OUT-1", "END-2"})
    @ParameterizedTest
    @CsvSource({
        "DATAGRAM, false, UseG1GC",
        "DATAGRAM, true, UseSerialGC",
        "RAW, false, UseG1GC",
        "RAW, true, UseSerialGC",
        "DATAGRAM, lent, UseSerialGC"
    })
    void everyRequestHasItsOutcomeAfterClose(EngineVariant variant, String delivery, String collector)
            throws Exception {
        ChildJvm.Result child = ChildJvm.run(
                List.of(),
                ChildJvm.everything(),
                "-Xmx24m",
                "-XX:+" + collector,
                MemoryProgram.class.getName(),
                variant.name(),
                delivery);
        assertThat(child.status()).as(child.output()).isZero();
        assertThat(child.output())
                .contains("memory ran out true, missing 0, repeated 0, closed in time true")
                .doesNotContain("netecho-loop-watch"); // the JVM names a thread that ends so
    }
}
