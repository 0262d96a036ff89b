// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ArgumentsTest {
    private static final List<String> KNOWN = List.of("one", "two", "three");

    private static Arguments parse(String... words) throws UsageException {
        return Arguments.parse(List.of(words), KNOWN);
    }

    @Test
    void nothingMeansEverythingAtFullLength() throws UsageException {
        Arguments arguments = parse();
        assertThat(arguments.quick()).isFalse();
        assertThat(arguments.list()).isFalse();
        assertThat(arguments.help()).isFalse();
        assertThat(arguments.only()).isEmpty();
        assertThat(arguments.pairs()).isEmpty();
        assertThat(arguments.seconds()).isEmpty();
        assertThat(arguments.markdown()).isEmpty();
    }

    @Test
    void everyOptionIsUnderstood() throws UsageException {
        Arguments arguments =
                parse("--quick", "--only", "one,three", "--pairs", "9", "--seconds", "0.5", "--markdown", "page.md");
        assertThat(arguments.quick()).isTrue();
        assertThat(arguments.only()).containsExactly("one", "three");
        assertThat(arguments.pairs()).contains(9);
        assertThat(arguments.seconds()).contains(0.5);
        assertThat(arguments.markdown()).contains(Path.of("page.md"));
    }

    @Test
    void onlyMayBeGivenSeveralTimes() throws UsageException {
        assertThat(parse("--only", "two", "--only", "one").only()).containsExactly("two", "one");
    }

    @Test
    void anUnknownExperimentIsNamedTogetherWithThoseThatThereAre() {
        assertThatThrownBy(() -> parse("--only", "one,four"))
                .isInstanceOf(UsageException.class)
                .hasMessage("there is no experiment \"four\"; there are one, two, three");
    }

    @ParameterizedTest(name = "--pairs {0}")
    @ValueSource(strings = {"0", "-1", "many", "1001", "NaN", "", "1.5"})
    void aNumberOfPairsThatMakesNoSenseIsRefusedWithItsRange(String value) {
        assertThatThrownBy(() -> parse("--pairs", value))
                .isInstanceOf(UsageException.class)
                .hasMessage("--pairs is \"" + value + "\"; it must be 1 to 1000");
    }

    @Test
    void aMissingValueAndAnUnknownWordAreRefused() {
        assertThatThrownBy(() -> parse("--only")).hasMessageContaining("--only needs a value");
        assertThatThrownBy(() -> parse("--fast")).hasMessageContaining("\"--fast\"");
    }

    @Test
    void theHelpNamesEveryOption() {
        assertThat(Pattern.compile("--[a-z]+").matcher(Arguments.HELP).results())
                .extracting(result -> result.group())
                .contains("--quick", "--only", "--pairs", "--seconds", "--markdown", "--list", "--help");
    }
}
