// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Arrays;
import java.util.EnumMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/** The account of all cases as Markdown; the same account gives the same bytes. */
final class CaseReport {
    private final CaseAccount account;
    private final String osName;
    private final StringBuilder page = new StringBuilder();

    private CaseReport(CaseAccount account, String osName) {
        this.account = account;
        this.osName = osName;
    }

    /**
     * {@return the page}
     *
     * @param missing why not every test of the build ran, one sentence each; empty if every one did
     * @param osName the value of the system property {@code os.name}
     */
    static String toMarkdown(CaseAccount account, List<String> missing, String osName) {
        CaseReport report = new CaseReport(account, osName);
        report.summary(missing);
        report.table();
        report.rules();
        report.differences();
        report.notPassed();
        return report.page.toString();
    }

    private void summary(List<String> missing) {
        List<ContractCase> cases = account.contract().cases();
        List<String> open = cases.stream()
                .map(ContractCase::id)
                .filter(id -> !account.isProven(id))
                .toList();
        List<String> excused =
                open.stream().filter(id -> account.isExcused(id, osName)).toList();
        List<String> rest = open.stream().filter(id -> !excused.contains(id)).toList();
        line("# Contract cases");
        line("");
        line("Made by the build from `contract-cases.md` of the testkit and the results of this build's tests.");
        missing.forEach(sentence -> line("**Incomplete:** " + sentence + "."));
        line("");
        line("- proven by a test that passed, and by none refuted: " + (cases.size() - open.size()) + " of "
                + cases.size());
        line("- not shown here, for a reason stated below: " + names(excused));
        line("- neither: " + names(rest));
        line("");
    }

    private static String names(List<String> ids) {
        return ids.isEmpty() ? "none" : ids.size() + " (" + String.join(", ", ids) + ")";
    }

    private void table() {
        String backends = Arrays.stream(Backend.values()).map(Backend::id).collect(Collectors.joining(" | "));
        line("| case | rules | required outcome | tests | " + backends + " |");
        line("|---|---|---|---|" + "---|".repeat(Backend.values().length));
        for (ContractCase each : account.contract().cases()) {
            Set<String> tests = new TreeSet<>();
            account.of(each.id()).forEach(result -> tests.add(result.test()));
            String results = Arrays.stream(Backend.values())
                    .map(backend -> cell(each.id(), backend))
                    .collect(Collectors.joining(" | "));
            line("| " + each.id() + " | " + String.join(", ", each.rules()) + " | " + each.outcome() + " | "
                    + String.join("<br>", tests) + " | " + results + " |");
        }
    }

    private void rules() {
        Set<String> ids = new TreeSet<>();
        account.results().stream()
                .map(RecordedResult::rule)
                .filter(id -> !id.isEmpty())
                .forEach(ids::add);
        line("");
        line("## The rules of SPEC.md");
        line("");
        line("| rule | " + Arrays.stream(Backend.values()).map(Backend::id).collect(Collectors.joining(" | ")) + " |");
        line("|---|" + "---|".repeat(Backend.values().length));
        for (String id : ids) {
            String results = Arrays.stream(Backend.values())
                    .map(backend -> cell(
                            account.ofRule(id, backend),
                            account.mayOmitRule(id, backend, osName) ? "need not" : "",
                            backend))
                    .collect(Collectors.joining(" | "));
            line("| " + id + " | " + results + " |");
        }
    }

    private String cell(String id, Backend backend) {
        String difference =
                account.mayOmit(id, backend, osName) ? "need not" : account.mayDiffer(id, backend) ? "may differ" : "";
        return cell(account.of(id, backend), difference, backend);
    }

    private String cell(List<RecordedResult> results, String difference, Backend backend) {
        Map<Result, Long> counts = new EnumMap<>(Result.class);
        results.forEach(result -> counts.merge(result.result(), 1L, Long::sum));
        if (counts.containsKey(Result.FAILED)) {
            return "**failed**";
        }
        if (counts.containsKey(Result.PASSED)) {
            long skipped = counts.getOrDefault(Result.SKIPPED, 0L);
            return "passed" + (skipped > 0 ? ", " + skipped + " skipped" : "")
                    + (difference.isEmpty() ? "" : ", " + difference);
        }
        if (counts.containsKey(Result.SKIPPED)) {
            return "skipped" + (difference.isEmpty() ? "" : ", " + difference);
        }
        if (!difference.isEmpty()) {
            return difference;
        }
        return backend == Backend.CORE || account.hasRun(backend) ? "-" : "not run";
    }

    private void differences() {
        line("");
        line("## What may differ, and why");
        line("");
        line("| cases | backends | may | why |");
        line("|---|---|---|---|");
        for (StatedReason reason : account.contract().reasons()) {
            String ids = account.contract().cases().stream()
                    .map(ContractCase::id)
                    .filter(reason.cases()::contains)
                    .collect(Collectors.joining(", "));
            String backends = Arrays.stream(Backend.values())
                    .filter(reason.backends()::contains)
                    .map(Backend::id)
                    .collect(Collectors.joining(", "));
            line("| " + ids + " | " + backends + " | " + reason.may().words() + " | " + reason.text() + " |");
        }
    }

    private void notPassed() {
        Set<String> rows = new LinkedHashSet<>();
        for (Result wanted : List.of(Result.FAILED, Result.SKIPPED)) {
            account.results().stream()
                    .filter(result -> result.result() == wanted)
                    .map(result -> "| " + result.test() + " | " + result.backend() + " | "
                            + String.join(", ", result.cases()) + " | "
                            + (wanted == Result.FAILED ? "failed: " : "skipped: ")
                            + result.reason().replace('|', '/') + " |")
                    .sorted()
                    .forEach(rows::add);
        }
        if (!rows.isEmpty()) {
            line("");
            line("## What did not pass");
            line("");
            line("| test | backend | cases | why |");
            line("|---|---|---|---|");
            rows.forEach(this::line);
        }
    }

    private void line(String text) {
        page.append(text).append('\n');
    }
}
