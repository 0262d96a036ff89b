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
        ChildJvm.Result child = run(binding, "close");

        assertThat(child.output().lines().filter(line -> line.endsWith(" was collected")))
                .as(child.output())
                .containsExactlyInAnyOrderElementsOf(Arrays.stream(EngineVariant.values())
                        .map(variant -> variant + " was collected")
                        .toList());
        assertThat(child.status()).isZero();
    }

    /** No class can be loaded then: the library has to have loaded all that closing needs. */
    @ParameterizedTest
    @MethodSource("bindings")
    @Covers(rules = "END-6", cases = "C144")
    void aDroppedRequesterIsClosedAfterItsClassLoaderWas(String binding) throws Exception {
        ChildJvm.Result child = run(binding, "drop");

        assertThat(child.output().lines())
                .as(child.output())
                .hasSize(EngineVariant.values().length)
                .allSatisfy(line -> assertThat(line)
                        .containsPattern(" was closed, logged \\[Line\\[[^]]*text=used, [^]]*]")
                        .containsOnlyOnce("was dropped without close()")
                        .doesNotContain("could not be closed"));
        assertThat(child.status()).isZero();
    }

    private static ChildJvm.Result run(String binding, String how) throws Exception {
        List<String> arguments = new ArrayList<>();
        arguments.add("-Dnetecho.binding=" + binding);
        arguments.add("-XX:+UseSerialGC");
        // Soft references are let go when memory runs short; here that is at once.
        arguments.add("-XX:SoftRefLRUPolicyMSPerMB=0");
        arguments.add(ClassLoaderProgram.class.getName());
        arguments.add(how);
        Arrays.stream(EngineVariant.values()).map(Enum::name).forEach(arguments::add);
        return ChildJvm.run(PATIENCE, arguments.toArray(new String[0]));
    }
}
