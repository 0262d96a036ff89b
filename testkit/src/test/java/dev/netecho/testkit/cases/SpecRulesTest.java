// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SpecRulesTest {
    @TempDir
    Path directory;

    @Test
    void aRuleIsAParagraphThatBeginsWithItsIdInBold() throws IOException {
        Path spec = directory.resolve("SPEC.md");
        Files.writeString(
                spec, "# Rules\n\n**REQ-1** A request\nsee **REQ-9**\n\n**LOAD-12** More.\n\n**Note** none\n");

        assertThat(SpecRules.read(spec)).containsExactly("REQ-1", "LOAD-12");
    }

    @Test
    void aPageWithoutRulesIsRefused() throws IOException {
        Path page = Files.writeString(directory.resolve("README.md"), "# Hello\n");

        assertThatIllegalArgumentException()
                .isThrownBy(() -> SpecRules.read(page))
                .withMessage(page + " has no rule: no line begins like \"**REQ-1**\"");
    }
}
