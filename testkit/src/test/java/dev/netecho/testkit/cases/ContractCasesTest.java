// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ContractCasesTest {
    @Test
    void thePageHasTheCasesDifferencesAndNamedTests() {
        ContractCases contract = ContractCases.parse(Pages.TWO_CASES);

        assertThat(contract.cases())
                .containsExactly(
                        new ContractCase("C1", List.of("MAT-1", "REQ-1"), "::1: Reply"),
                        new ContractCase("C2", List.of(), "fast"));
        assertThat(contract.reasons())
                .contains(
                        new StatedReason(
                                Set.of("C1"), Set.of(Backend.LINUX_RAW), StatedReason.May.OMIT, "never sees it"),
                        new StatedReason(
                                Set.of("C1"), Set.of(Backend.WINDOWS_IPHLPAPI), StatedReason.May.DIFFER, "rounds it"),
                        new StatedReason(
                                Set.of("C1", "C2"), Set.of(Backend.SIMULATED), StatedReason.May.OMIT, "no wire"),
                        new StatedReason(Set.of("C2"), Set.of(Backend.values()), StatedReason.May.OMIT, "benchmark"));
        assertThat(contract.tests()).containsExactly(new NamedTest("core", "a.b.SizeTest.refuses", Set.of("C1")));
        assertThat(contract.tests().get(0).shortName()).isEqualTo("SizeTest.refuses");
    }

    @Test
    void theProjectHas148Cases() throws IOException {
        ContractCases contract = ContractCases.read();

        assertThat(contract.cases()).hasSize(148);
        assertThat(contract.cases())
                .allSatisfy(each -> assertThat(each.outcome()).isNotBlank());
        assertThat(contract.reasons())
                .allSatisfy(reason -> assertThat(reason.text()).isNotBlank());
    }

    @Test
    void theRulesOfTheProjectsCasesAreThoseOfItsSpec() throws IOException {
        Set<String> rules = SpecRules.read(Path.of("..", "SPEC.md"));

        assertThat(ContractCases.read().cases())
                .allSatisfy(each -> assertThat(rules).as(each.id()).containsAll(each.rules()));
    }

    @Test
    void everyRuleHasACaseOrOnlyContractTests() throws IOException {
        Set<String> rules = SpecRules.read(Path.of("..", "SPEC.md"));
        ContractCases.read().cases().forEach(each -> rules.removeAll(each.rules()));

        assertThat(rules).containsExactly("OUT-2", "OUT-6", "OUT-8", "OUT-9", "LOAD-5");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "| C2 | none;       | C3 | none;     case C3 stands where C2 must",
                "| C2 | every;      | C7 | every;    \"C7\" in \"C7\" is no case",
                "| C1 to C2 |;      | C1 to C3 |;    \"C3\" in \"C1 to C3\" is no case",
                "| linux-raw |;     | linux-row |;   \"linux-row\" is no backend; there are [core, simulated, "
                        + "linux-datagram,",
                "| omit | never;    | skip | never;  \"skip\" is none of [differ, omit, omit under Wine]",
                "| never sees it;   | never | sees;  has 5 cells, not 4",
                "## Tests by name;  ## Tests;        no table below \"## Tests by name\"",
            })
    void aWrongPageIsRefusedWithTheReason(String right, String wrong, String reason) {
        String page = Pages.TWO_CASES.replace(right.strip(), wrong.strip());
        assertThat(page).isNotEqualTo(Pages.TWO_CASES);

        assertThatIllegalArgumentException()
                .isThrownBy(() -> ContractCases.parse(page))
                .withMessageContaining(reason.strip());
    }
}
