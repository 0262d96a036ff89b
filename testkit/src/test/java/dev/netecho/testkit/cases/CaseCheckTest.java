// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import static dev.netecho.testkit.cases.Pages.account;
import static dev.netecho.testkit.cases.Pages.passed;
import static dev.netecho.testkit.cases.Pages.result;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class CaseCheckTest {
    private static final Set<String> RULES = Set.of("MAT-1", "REQ-1");

    private static List<String> culprits(RecordedResult... results) {
        return CaseCheck.culprits(account(results), RULES, Set.of(), "Linux");
    }

    @Test
    void aPassedTestOrAReasonAccountsForACase() {
        assertThat(culprits(passed("core", "C1"))).isEmpty();
        assertThat(CaseCheck.culprits(account(passed("core", "C1")), RULES, Set.of(), "Windows 11"))
                .isEmpty();
    }

    @Test
    void aCaseWithoutATestThatPassedNeedsAReason() {
        assertThat(culprits(result("core", "C2", "SizeTest.refuses", Result.PASSED, "")))
                .containsExactly("C1 has no test that passed and no stated reason: have a test say @Covers(cases ="
                        + " \"C1\"), or add a row to contract-cases.md");
    }

    @Test
    void aReasonForAnotherFormIsNoReasonToHaveNoTest() {
        CaseAccount account = new CaseAccount(
                ContractCases.parse(Pages.TWO_CASES.replace("| C2 | every | omit |", "| C2 | every | differ |")),
                List.of(passed("core", "C1")));

        assertThat(CaseCheck.culprits(account, RULES, Set.of(), "Linux"))
                .singleElement()
                .asString()
                .startsWith("C2 has no test that passed and no stated reason");
    }

    @Test
    void aCaseThatATestNamesMustExist() {
        assertThat(culprits(passed("core", "C1"), passed("core", "C99")))
                .containsExactly("SizeTest.refuses names case C99, which contract-cases.md does not have");
    }

    @Test
    void aRuleThatATestNamesMustExist() {
        RecordedResult wrong =
                new RecordedResult("core", "MAT-9", List.of("C1"), "SizeTest.refuses", Result.PASSED, "");
        assertThat(culprits(wrong)).containsExactly("SizeTest.refuses names rule MAT-9, which SPEC.md does not have");
    }

    @Test
    void aRuleThatACaseNamesMustExist() {
        assertThat(CaseCheck.culprits(account(passed("core", "C1")), Set.of("MAT-1"), Set.of(), "Linux"))
                .containsExactly("row C1 of contract-cases.md names rule REQ-1, which SPEC.md does not have");
    }

    @Test
    void aBackendThatATestNamesMustExist() {
        assertThat(culprits(passed("core", "C1"), passed("linux-row", "C1")))
                .containsExactly("SizeTest.refuses names backend linux-row; there are [core, simulated, linux-datagram,"
                        + " linux-raw, windows-iphlpapi]");
    }

    @Test
    void aTestThatThePageNamesMustHaveRun() {
        assertThat(culprits(result("simulated", "C1", "OtherTest.replies", Result.PASSED, "")))
                .containsExactly("contract-cases.md names test a.b.SizeTest.refuses of core, which did not run:"
                        + " correct the name");
    }

    @Test
    void aFailureIsOneWhateverElsePassed() {
        assertThat(culprits(
                        passed("core", "C1"), result("linux-raw", "C1", "EchoTest.replies", Result.FAILED, "a duck")))
                .containsExactly("C1 failed on linux-raw: EchoTest.replies: a duck");
    }

    @Test
    void aCaseMustNotBeOnlySkippedWhereItsBackendHasToShowIt() {
        RecordedResult skipped = result("linux-datagram", "C1", "EchoTest.replies", Result.SKIPPED, "no lab");

        assertThat(culprits(passed("core", "C1"), skipped))
                .containsExactly("C1 was only skipped on linux-datagram, which has to show it here:"
                        + " EchoTest.replies: no lab");
        assertThat(culprits(passed("core", "C1"), skipped, passed("linux-datagram", "C1")))
                .isEmpty();
    }

    @Test
    void aCaseMayBeSkippedOnABackendOfAnotherSystemOrWithAReason() {
        assertThat(culprits(
                        passed("core", "C1"),
                        result("windows-iphlpapi", "C1", "EchoTest.replies", Result.SKIPPED, "no Windows"),
                        result("linux-raw", "C1", "EchoTest.replies", Result.SKIPPED, "hidden")))
                .isEmpty();
        assertThat(CaseCheck.culprits(
                        account(
                                passed("core", "C1"),
                                result("windows-iphlpapi", "C1", "EchoTest.replies", Result.SKIPPED, "no service")),
                        RULES,
                        Set.of(),
                        "Windows 11"))
                .containsExactly("C1 was only skipped on windows-iphlpapi, which has to show it here:"
                        + " EchoTest.replies: no service");
    }

    @Test
    void aRuleMustNotBeOnlySkippedWhereItsBackendHasToShowIt() {
        RecordedResult skipped = new RecordedResult(
                "linux-datagram", "MAT-1", List.of(), "MatchingContract.mat1", Result.SKIPPED, "no lab");
        RecordedResult passed =
                new RecordedResult("linux-datagram", "MAT-1", List.of(), "OtherTest.matches", Result.PASSED, "");
        RecordedResult elsewhere =
                new RecordedResult("linux-raw", "MAT-1", List.of(), "MatchingContract.mat1", Result.SKIPPED, "hidden");

        assertThat(culprits(passed("core", "C1"), skipped))
                .containsExactly("rule MAT-1 was only skipped on linux-datagram, which has to show it here:"
                        + " MatchingContract.mat1: no lab");
        assertThat(culprits(passed("core", "C1"), skipped, passed)).isEmpty();
        assertThat(culprits(passed("core", "C1"), elsewhere))
                .as("every case of it may be omitted")
                .isEmpty();
    }

    @Test
    void aRequiredBackendMustHaveTriedEveryRule() {
        List<RecordedResult> results = List.of(
                passed("core", "C1"),
                new RecordedResult("windows-iphlpapi", "MAT-1", List.of(), "Contract.mat1", Result.PASSED, ""));

        for (String osName : List.of("Linux", "Windows 11")) {
            assertThat(CaseCheck.culprits(
                            account(results.toArray(RecordedResult[]::new)),
                            RULES,
                            Set.of(Backend.WINDOWS_IPHLPAPI),
                            osName))
                    .containsExactly("rule REQ-1 was not tried on windows-iphlpapi, which has to show it here: have its"
                            + " tests extend BackendContract");
        }
    }

    @Test
    void aRequiredBackendMustNotOnlyBeSkipped() {
        CaseAccount account = account(
                passed("core", "C1"),
                new RecordedResult("windows-iphlpapi", "MAT-1", List.of(), "Contract.mat1", Result.PASSED, ""),
                new RecordedResult(
                        "windows-iphlpapi", "REQ-1", List.of("C1"), "Contract.req1", Result.SKIPPED, "tired"));

        assertThat(CaseCheck.culprits(account, RULES, Set.of(Backend.WINDOWS_IPHLPAPI), "Linux"))
                .containsExactly(
                        "C1 was only skipped on windows-iphlpapi, which has to show it here: Contract.req1: tired",
                        "rule REQ-1 was only skipped on windows-iphlpapi, which has to show it here: "
                                + "Contract.req1: tired",
                        "Contract.req1 was skipped on windows-iphlpapi, which has to run it here: tired: have "
                                + "it run, or"
                                + " excuse it in contract-cases.md");
    }

    @Test
    void aSkippedTestOfARequiredBackendNeedsARow() {
        RecordedResult named = result("simulated", "C1", "SizeTest.refuses", Result.SKIPPED, "tired");
        RecordedResult limited = result("simulated", "C1", "WireTest.sees", Result.SKIPPED, "NO_WIRE: it has none");
        RecordedResult other = result("simulated", "C1", "EchoTest.replies", Result.SKIPPED, "NO_WIRES");
        List<RecordedResult> passed = List.of(
                passed("core", "C1"),
                new RecordedResult("simulated", "MAT-1", List.of("C1"), "a", Result.PASSED, ""),
                new RecordedResult("simulated", "REQ-1", List.of("C1"), "b", Result.PASSED, ""));
        List<RecordedResult> all = new ArrayList<>(passed);
        all.addAll(List.of(named, limited));
        CaseAccount excused = account(all.toArray(RecordedResult[]::new));
        all.add(other);
        CaseAccount account = account(all.toArray(RecordedResult[]::new));

        assertThat(CaseCheck.culprits(excused, RULES, Set.of(Backend.SIMULATED), "Linux"))
                .isEmpty();
        assertThat(CaseCheck.culprits(account, RULES, Set.of(Backend.SIMULATED), "Linux"))
                .containsExactly("EchoTest.replies was skipped on simulated, which has to run it here: NO_WIRES:"
                        + " have it run, or excuse it in contract-cases.md");
        assertThat(CaseCheck.culprits(account, RULES, Set.of(), "Linux")).isEmpty();
    }

    @Test
    void whatMayBeOmittedUnderWineHasToBeShownOnWindows() {
        String page = Pages.TWO_CASES
                .replace("windows-iphlpapi | differ", "windows-iphlpapi | omit under Wine")
                .replace("NO_WIRE | simulated", "Contract.req1 | windows-iphlpapi");
        CaseAccount account = new CaseAccount(
                ContractCases.parse(page),
                List.of(
                        passed("core", "C1"),
                        new RecordedResult(
                                "windows-iphlpapi", "REQ-1", List.of("C1"), "Contract.req1", Result.SKIPPED, "tired")));
        Set<Backend> required = Set.of(Backend.WINDOWS_IPHLPAPI);

        assertThat(CaseCheck.culprits(account, RULES, required, "Linux")).isEmpty();
        assertThat(CaseCheck.culprits(account, RULES, required, "Windows 11"))
                .containsExactlyInAnyOrder(
                        "C1 was only skipped on windows-iphlpapi, which has to show it here: Contract.req1: tired",
                        "rule REQ-1 was only skipped on windows-iphlpapi, which has to show it here: "
                                + "Contract.req1: tired",
                        "rule MAT-1 was not tried on windows-iphlpapi, which has to show it here: have its tests extend"
                                + " BackendContract");
    }
}
