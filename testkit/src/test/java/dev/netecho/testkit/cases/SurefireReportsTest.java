// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SurefireReportsTest {
    @TempDir
    Path target;

    private Path file;

    @BeforeEach
    void makeDirectory() throws IOException {
        file = Files.createDirectories(target.resolve("surefire-reports")).resolve("TEST-a.b.SizeTest.xml");
    }

    static String report(String build, String properties, String testCases) {
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuite name=\"a.b.SizeTest\" tests=\"1\"><properties>"
                + "<property name=\"netecho.build\" value=\"" + build + "\"/>" + properties + "</properties>"
                + testCases
                + "</testsuite>";
    }

    @Test
    void invocationsBelongToTheirMethod() throws IOException {
        Files.writeString(file, report("monday", "", """
                        <testcase name="refuses(int)[1]" classname="a.b.SizeTest" time="0.1"/>
                        <testcase name="refuses(int)[2]" classname="a.b.SizeTest" time="0.1">
                          <failure message="expected 1" type="x">trace</failure><system-out>hello</system-out>
                        </testcase>
                        <testcase name="waits" classname="a.b.SizeTest"><skipped message="no lab"/></testcase>
                        <testcase name="ends" classname="a.b.SizeTest"><error message="gone" type="x"/></testcase>
                        """));

        SurefireReports reports = SurefireReports.read(target, "monday");

        assertThat(reports.of("a.b.SizeTest.refuses"))
                .containsExactly(
                        new SurefireReports.Outcome(Result.PASSED, ""),
                        new SurefireReports.Outcome(Result.FAILED, "expected 1"));
        assertThat(reports.of("a.b.SizeTest.waits"))
                .containsExactly(new SurefireReports.Outcome(Result.SKIPPED, "no lab"));
        assertThat(reports.of("a.b.SizeTest.ends")).containsExactly(new SurefireReports.Outcome(Result.FAILED, "gone"));
        assertThat(reports.of("a.b.SizeTest.nothing")).isEmpty();
        assertThat(reports.isTested()).isTrue();
        assertThat(reports.isFiltered()).isFalse();
    }

    @Test
    void reportsOfAnotherBuildDoNotCount() throws IOException {
        Files.writeString(
                file, report("sunday", "", "<testcase name=\"refuses\" classname=\"a.b.SizeTest\"></testcase>"));

        SurefireReports reports = SurefireReports.read(target, "monday");

        assertThat(reports.isTested()).isFalse();
        assertThat(reports.of("a.b.SizeTest.refuses")).isEmpty();
    }

    @Test
    void aChoiceOfTestsIsNoticed() throws IOException {
        Files.writeString(
                file,
                report(
                        "monday",
                        "<property name=\"test\" value=\"SizeTest\"/>",
                        "<testcase name=\"refuses\" classname=\"a.b.SizeTest\"></testcase>"));

        assertThat(SurefireReports.read(target, "monday").isFiltered()).isTrue();
    }

    @Test
    void aModuleWithoutReportsWasNotTested() throws IOException {
        assertThat(SurefireReports.read(target.resolve("none"), "monday").isTested())
                .isFalse();
    }

    @Test
    void aReportThatWasCutOffIsNamed() throws IOException {
        Files.writeString(file, "<testsuite><testcase name=\"refuses\"");

        assertThatThrownBy(() -> SurefireReports.read(target, "monday"))
                .isInstanceOf(IOException.class)
                .hasMessage(file + " is no report of Surefire");
    }
}
