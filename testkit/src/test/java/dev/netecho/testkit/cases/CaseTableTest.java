// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole program, on a tree with the modules core and raw. */
class CaseTableTest {
    private static final RecordedResult RAW =
            new RecordedResult("linux-datagram", "MAT-1", List.of("C1"), "EchoTest.replies", Result.PASSED, "");

    @TempDir
    Path root;

    private final ByteArrayOutputStream printed = new ByteArrayOutputStream();

    @BeforeEach
    void makeTree() throws IOException {
        Files.writeString(root.resolve("SPEC.md"), "**MAT-1** One.\n\n**REQ-1** Two.\n");
    }

    private void reportOf(String module, String build, String properties, String method) throws IOException {
        Path reports = Files.createDirectories(root.resolve(module).resolve("target/jdk/surefire-reports"));
        Files.writeString(
                reports.resolve("TEST-a.b.SizeTest.xml"),
                SurefireReportsTest.report(
                        build,
                        properties,
                        "<testcase name=\"" + method + "(int)[1]\" classname=\"a.b.SizeTest\"></testcase>"));
    }

    private void record(String module, String build, RecordedResult result) {
        ResultFile.create(root.resolve(module).resolve("target/jdk/contract"), build)
                .add(result);
    }

    private String table(String check) throws IOException {
        Map<String, String> values = new TreeMap<>();
        values.put("root", root.toString());
        values.put("target", "target/jdk");
        values.put("build", "monday");
        values.put("output", root.resolve("out/contract-cases.md").toString());
        values.put("modules", "core,raw");
        values.put("elsewhere", "windows");
        values.put("backends", "");
        values.put("check", check);
        values.put("ci", "true");
        CaseTable.run(
                values,
                ContractCases.parse(Pages.TWO_CASES),
                "Linux",
                new PrintStream(printed, true, StandardCharsets.UTF_8));
        return Files.readString(root.resolve("out/contract-cases.md"));
    }

    @Test
    void oneRowTellsTheCaseItsTestsAndTheResultOfEveryBackend() throws IOException {
        reportOf("core", "monday", "", "refuses");
        reportOf("raw", "monday", "", "other");
        record("raw", "monday", RAW);
        record("raw", "monday", new RecordedResult("linux-raw", "", List.of("C1"), "T.t", Result.SKIPPED, "no | lab"));

        assertThat(table("true"))
                .contains("| case | rules | required outcome | tests | core | simulated | linux-datagram | linux-raw"
                        + " | windows-iphlpapi |")
                .contains("| C1 | MAT-1, REQ-1 | ::1: Reply | EchoTest.replies<br>SizeTest.refuses<br>T.t | passed |"
                        + " need not | passed | skipped, need not | may differ |")
                .contains("| C2 |  | fast |  | need not | need not | need not | need not | need not |")
                .contains("refuted: 1 of 2", "stated below: 1 (C2)", "neither: none")
                .contains("| C1 | windows-iphlpapi | differ | rounds it |")
                .contains("| T.t | linux-raw | C1 | skipped: no / lab |")
                .doesNotContain("Incomplete");
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void resultsOfAModuleForAnotherSystemCountWhereThereAreAny() throws IOException {
        reportOf("core", "monday", "", "refuses");
        reportOf("raw", "monday", "", "other");
        record(
                "windows",
                "monday",
                new RecordedResult("windows-iphlpapi", "", List.of("C1"), "WineTest.replies", Result.PASSED, ""));

        assertThat(table("true"))
                .contains(
                        "| C1 | MAT-1, REQ-1 | ::1: Reply | SizeTest.refuses<br>WineTest.replies | passed | need not |"
                                + " not run | need not | passed, may differ |")
                .doesNotContain("Incomplete");
    }

    @Test
    void theSameResultsGiveTheSameBytes() throws IOException {
        reportOf("core", "monday", "", "refuses");
        reportOf("raw", "monday", "", "other");
        record("raw", "monday", RAW);

        assertThat(table("false")).isEqualTo(table("false"));
    }

    @Test
    void aCompleteBuildFailsForAMissingCaseAndWritesTheTable() throws IOException {
        reportOf("core", "monday", "", "forgotten");
        reportOf("raw", "monday", "", "other");

        assertThatIllegalStateException()
                .isThrownBy(() -> table("true"))
                .withMessage("not every contract case is accounted for; the table is "
                        + root.resolve("out/contract-cases.md")
                        + "\n- contract-cases.md names test a.b.SizeTest.refuses of core, which did not run: correct"
                        + " the name\n- C1 has no test that passed and no stated reason: have a test say"
                        + " @Covers(cases = \"C1\"), or add a row to contract-cases.md");
        assertThat(root.resolve("out/contract-cases.md")).content().contains("neither: 1 (C1)");
    }

    @Test
    void theCheckCanBeSwitchedOff() throws IOException {
        reportOf("core", "monday", "", "forgotten");
        reportOf("raw", "monday", "", "other");

        assertThat(table("false")).contains("neither: 1 (C1)");
        assertThat(printed.toString(StandardCharsets.UTF_8)).isEmpty();
    }

    @Test
    void whereAModuleDidNotRunNothingIsCheckedAndItIsSaid() throws IOException {
        reportOf("core", "sunday", "", "refuses");
        reportOf("raw", "monday", "<property name=\"test\" value=\"Echo*\"/>", "other");
        record("raw", "sunday", RAW);

        assertThat(table("true"))
                .contains("**Incomplete:** no test of core ran in this build.")
                .contains("**Incomplete:** only chosen tests of raw ran in this build.")
                .contains("refuted: 0 of 2")
                .contains("| C1 | MAT-1, REQ-1 | ::1: Reply |  | - | need not | not run | need not | may differ |");
        assertThat(printed.toString(StandardCharsets.UTF_8).strip())
                .isEqualTo("contract cases not checked: no test of core ran in this build;"
                        + " only chosen tests of raw ran in this build");
    }

    @Test
    void theProgramNamesAWrongArgument() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaseTable.main(new String[] {"color=red"}))
                .withMessage("argument \"color=red\": give each of [root, target, build, output, modules, elsewhere, "
                        + "backends, check,"
                        + " ci] once, as name=value");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> CaseTable.main(new String[] {"root=."}))
                .withMessage(
                        "argument target is missing: give each of [root, target, build, output, modules, elsewhere,"
                                + " backends, check, ci] once");
    }
}
