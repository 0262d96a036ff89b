// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;
import static org.assertj.core.api.Assumptions.assumeThat;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Disabled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.Parameter;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.platform.testkit.engine.EngineTestKit;

/** Runs small test classes and looks at what was recorded of them. */
class CoversExtensionTest {
    private static List<String> recordedOf(Class<?> tests) {
        List<RecordedResult> recorded = new ArrayList<>();
        ResultLog.redirected(recorded::add, () -> run(tests));
        return recorded.stream()
                .map(each -> String.join(
                        " ",
                        each.test(),
                        each.backend(),
                        "[" + each.rule() + "]",
                        each.cases().toString(),
                        each.result().name(),
                        each.reason()))
                .map(String::strip)
                .sorted()
                .toList();
    }

    private static void run(Class<?> tests) {
        EngineTestKit.engine("junit-jupiter").selectors(selectClass(tests)).execute();
    }

    enum Variant implements TestedBackend {
        RAW,
        DATAGRAM;

        @Override
        public String backend() {
            return this == RAW ? "linux-raw" : "linux-datagram";
        }
    }

    static class Endings {
        @Test
        @Covers(rules = "MAT-1", cases = "C1")
        void passes() {}

        @Test
        @Covers(cases = {"C1", "C2"})
        void fails() {
            fail("a duck");
        }

        @Test
        @Covers(
                cases = "C3",
                backends = {"linux-raw", "simulated"})
        void isAborted() {
            assumeThat(1).as("no lab").isEqualTo(2);
        }

        @Test
        @Disabled("for now")
        @Covers(rules = {"MAT-1", "MAT-2"})
        void isDisabled() {}

        @Test
        void coversNothing() {}
    }

    @Test
    void everyEndingIsRecordedWithItsReason() {
        List<String> recorded = recordedOf(Endings.class);

        assertThat(recorded).hasSize(6);
        assertThat(recorded.get(0)).startsWith("Endings.fails core [] [C1, C2] FAILED a duck");
        assertThat(recorded.get(1))
                .startsWith("Endings.isAborted linux-raw [] [C3] SKIPPED")
                .contains("no lab");
        assertThat(recorded.get(2)).startsWith("Endings.isAborted simulated [] [C3] SKIPPED");
        assertThat(recorded.get(3)).startsWith("Endings.isDisabled core [MAT-1] [] SKIPPED for now");
        assertThat(recorded.get(4)).startsWith("Endings.isDisabled core [MAT-2] [] SKIPPED for now");
        assertThat(recorded.get(5)).isEqualTo("Endings.passes core [MAT-1] [C1] PASSED");
    }

    @Covers(rules = "END-1", cases = "C9", backends = "simulated")
    static class OfAClass {
        @Test
        void saysNothing() {}

        @Test
        @Covers(cases = "C8", backends = "linux-raw")
        void saysMore() {}
    }

    static final class Inheriting extends OfAClass {}

    @Test
    void aClassSpeaksForItsTestsAndATestForItself() {
        assertThat(recordedOf(OfAClass.class))
                .containsExactly(
                        "OfAClass.saysMore linux-raw [END-1] [C9, C8] PASSED",
                        "OfAClass.saysNothing simulated [END-1] [C9] PASSED");
    }

    @Test
    void aSubclassInheritsWhatItsClassCovers() {
        assertThat(recordedOf(Inheriting.class))
                .containsExactly(
                        "Inheriting.saysMore linux-raw [END-1] [C9, C8] PASSED",
                        "Inheriting.saysNothing simulated [END-1] [C9] PASSED");
    }

    static class ByArgument {
        @ParameterizedTest
        @EnumSource
        @Covers(
                cases = "C4",
                backends = {"linux-datagram", "linux-raw"})
        void isAbout(Variant variant) {
            assumeThat(variant).isEqualTo(Variant.RAW);
        }
    }

    @Test
    void anInvocationCountsForTheBackendOfItsArgumentOnly() {
        List<String> recorded = recordedOf(ByArgument.class);

        assertThat(recorded).hasSize(2);
        assertThat(recorded.get(0)).startsWith("ByArgument.isAbout linux-datagram [] [C4] SKIPPED");
        assertThat(recorded.get(1)).isEqualTo("ByArgument.isAbout linux-raw [] [C4] PASSED");
    }

    @ParameterizedClass
    @EnumSource(Variant.class)
    static class ByField {
        @Parameter
        Variant variant;

        @Test
        @Covers(cases = "C5")
        void isAboutItsField() {
            if (variant == Variant.RAW) {
                fail("raw");
            }
        }
    }

    @Test
    void anInvocationCountsForTheBackendOfItsClass() {
        List<String> recorded = recordedOf(ByField.class);

        assertThat(recorded).hasSize(2);
        assertThat(recorded.get(0)).isEqualTo("ByField.isAboutItsField linux-datagram [] [C5] PASSED");
        assertThat(recorded.get(1)).startsWith("ByField.isAboutItsField linux-raw [] [C5] FAILED raw");
    }

    @Covers(backends = {"linux-datagram", "linux-raw"})
    static class NeverBegins {
        @BeforeAll
        static void needsATool() {
            assumeThat(false).as("tc is missing").isTrue();
        }

        @Test
        @Covers(cases = "C6")
        void one() {}

        @ParameterizedTest
        @EnumSource
        @Covers(cases = "C7")
        void two(Variant variant) {}
    }

    @Test
    void testsOfAClassThatGivesUpAreSkippedOnes() {
        List<String> recorded = recordedOf(NeverBegins.class);

        assertThat(recorded).hasSize(4).allMatch(line -> line.contains("SKIPPED") && line.contains("tc is missing"));
        assertThat(recorded.get(0)).startsWith("NeverBegins.one linux-datagram [] [C6]");
        assertThat(recorded.get(3)).startsWith("NeverBegins.two linux-raw [] [C7]");
    }
}
