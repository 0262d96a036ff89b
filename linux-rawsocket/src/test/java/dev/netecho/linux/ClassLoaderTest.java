// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.cases.Covers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** An agent that loads the backend as a plug-in, and lets go of it. */
@InPrivateNamespace
@Timeout(180)
final class ClassLoaderTest {
    private static final Duration PATIENCE = Duration.ofSeconds(150);

    static List<String> bindings() {
        // java.lang.foreign begins with JDK 22.
        return Runtime.version().feature() < 22 ? List.of("jna") : List.of("jna", "ffm");
    }

    @ParameterizedTest
    @MethodSource("bindings")
    @Covers(rules = "END-2", cases = "C127")
    void isCollectedAfterTheLastRequesterIsClosed(String binding) throws Exception {
        List<String> arguments = new ArrayList<>();
        arguments.add("-Dnetecho.binding=" + binding);
        arguments.add("-XX:+UseSerialGC");
        // Soft references are let go when memory runs short; here that is at once.
        arguments.add("-XX:SoftRefLRUPolicyMSPerMB=0");
        arguments.add(ClassLoaderProgram.class.getName());
        Arrays.stream(EngineVariant.values()).map(Enum::name).forEach(arguments::add);

        ChildJvm.Result child = ChildJvm.run(PATIENCE, arguments.toArray(new String[0]));

        assertThat(child.output().lines().filter(line -> line.endsWith(" was collected")))
                .as(child.output())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EngineVariant.values())
                        .map(variant -> variant + " was collected")
                        .toList());
        assertThat(child.status()).isZero();
    }
}
