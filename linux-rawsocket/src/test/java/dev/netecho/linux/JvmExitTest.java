// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A JVM that ends while requests are outstanding and the requester is open. */
@InPrivateNamespace
@Timeout(180)
@SuppressWarnings("try") // the silence lasts as long as its block, which has no use for its name
@ParameterizedClass(name = "{0}")
@EnumSource(EngineVariant.class)
final class JvmExitTest {
    /** Ending takes some 50 ms; if it waited for the library, it would take five seconds, or an hour. */
    private static final Duration AT_ONCE = Duration.ofSeconds(4);

    @Parameter
    EngineVariant variant;

    @ParameterizedTest
    @EnumSource
    @Covers(rules = "END-2", cases = "C130")
    void endsAtOnceWithRequestsOutstanding(ExitProgram.Way way) throws Exception {
        try (Loopback.Silence silence = Loopback.silence()) {
            ChildJvm.Result child = ChildJvm.run(
                    List.of(), ChildJvm.everything(), ExitProgram.class.getName(), variant.name(), way.name());
            long ended = System.nanoTime();

            assertThat(child.output()).startsWith(ExitProgram.LEAVING).hasLineCount(1);
            long leaving = Long.parseLong(
                    child.output().substring(ExitProgram.LEAVING.length()).strip());
            assertThat(Duration.ofNanos(ended - leaving)).isBetween(Duration.ZERO, AT_ONCE);
            assertThat(child.status()).isZero();
        }
    }
}
