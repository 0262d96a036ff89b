// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** What is wrong with an account of all cases, one sentence for each culprit. */
final class CaseCheck {
    private final CaseAccount account;
    private final Set<String> rules;
    private final Set<Backend> required;
    private final String osName;
    private final Set<String> culprits = new LinkedHashSet<>();

    private CaseCheck(CaseAccount account, Set<String> rules, Set<Backend> required, String osName) {
        this.account = account;
        this.rules = rules;
        this.required = required;
        this.osName = osName;
    }

    /**
     * {@return what is wrong, empty if nothing is}
     *
     * @param account of a build in which every test ran
     * @param rules the rules that SPEC.md has
     * @param required the backends whose contract has to have run; to name one says that it exists here, as
     *     windows-iphlpapi does under Wine
     * @param osName the value of the system property {@code os.name}
     */
    static List<String> culprits(CaseAccount account, Set<String> rules, Set<Backend> required, String osName) {
        CaseCheck check = new CaseCheck(account, rules, required, osName);
        check.names();
        check.namedTests();
        account.contract().cases().forEach(check::outcome);
        rules.forEach(check::shown);
        required.forEach(check::skipped);
        return List.copyOf(check.culprits);
    }

    private void names() {
        for (ContractCase each : account.contract().cases()) {
            each.rules().forEach(rule -> rule(rule, "row " + each.id() + " of contract-cases.md"));
        }
        Set<String> ids =
                account.contract().cases().stream().map(ContractCase::id).collect(Collectors.toSet());
        for (RecordedResult result : account.results()) {
            if (!result.rule().isEmpty()) {
                rule(result.rule(), result.test());
            }
            for (String id : result.cases()) {
                if (!ids.contains(id)) {
                    culprits.add(result.test() + " names case " + id + ", which contract-cases.md does not have");
                }
            }
            if (Backend.of(result.backend()).isEmpty()) {
                culprits.add(result.test() + " names backend " + result.backend() + "; there are " + Backend.ids());
            }
        }
    }

    private void rule(String rule, String where) {
        if (!rules.contains(rule)) {
            culprits.add(where + " names rule " + rule + ", which SPEC.md does not have");
        }
    }

    private void namedTests() {
        for (NamedTest named : account.contract().tests()) {
            if (account.results().stream().noneMatch(result -> result.test().equals(named.shortName()))) {
                culprits.add("contract-cases.md names test " + named.test() + " of " + named.module()
                        + ", which did not run: correct the name");
            }
        }
    }

    /**
     * A backend that was tested for a rule at all has to have shown it, and those that are required have to be tested.
     */
    private void shown(String rule) {
        for (Backend backend : Backend.values()) {
            if (!existsHere(backend) || account.mayOmitRule(rule, backend, osName)) {
                continue;
            }
            List<RecordedResult> results = account.ofRule(rule, backend);
            if (isOnlySkipped(results)) {
                culprits.add("rule " + rule + " was only skipped on " + backend.id() + ", which has to show it here: "
                        + results.get(0).test() + ": " + results.get(0).reason());
            } else if (results.isEmpty() && required.contains(backend)) {
                culprits.add("rule " + rule + " was not tried on " + backend.id()
                        + ", which has to show it here: have its tests extend BackendContract");
            }
        }
    }

    /** A backend that is required runs every test but those that are excused. */
    private void skipped(Backend backend) {
        List<RecordedResult> results = account.results().stream()
                .filter(result -> result.backend().equals(backend.id()))
                .toList();
        for (RecordedResult result : with(Result.SKIPPED, results)) {
            if (account.contract().skips().stream().noneMatch(skip -> skip.excuses(result, backend))) {
                culprits.add(result.test() + " was skipped on " + backend.id() + ", which has to run it here: "
                        + result.reason() + ": have it run, or excuse it in contract-cases.md");
            }
        }
    }

    private boolean existsHere(Backend backend) {
        return backend.existsOn(osName) || required.contains(backend);
    }

    private void outcome(ContractCase each) {
        String id = each.id();
        List<RecordedResult> all = account.of(id);
        List<RecordedResult> failed = with(Result.FAILED, all);
        failed.forEach(result ->
                culprits.add(id + " failed on " + result.backend() + ": " + result.test() + ": " + result.reason()));
        List<Backend> onlySkipped = Arrays.stream(Backend.values())
                .filter(this::existsHere)
                .filter(backend -> isOnlySkipped(account.of(id, backend)))
                .filter(backend -> !account.mayOmit(id, backend, osName))
                .toList();
        for (Backend backend : onlySkipped) {
            RecordedResult first = account.of(id, backend).get(0);
            culprits.add(id + " was only skipped on " + backend.id() + ", which has to show it here: " + first.test()
                    + ": " + first.reason());
        }
        if (failed.isEmpty() && onlySkipped.isEmpty() && !account.isProven(id) && !account.isExcused(id, osName)) {
            culprits.add(id + " has no test that passed and no stated reason: have a test say @Covers(cases = \"" + id
                    + "\"), or add a row to contract-cases.md");
        }
    }

    private static boolean isOnlySkipped(List<RecordedResult> results) {
        return !results.isEmpty() && with(Result.SKIPPED, results).size() == results.size();
    }

    private static List<RecordedResult> with(Result wanted, List<RecordedResult> results) {
        List<RecordedResult> found = new ArrayList<>(results);
        found.removeIf(result -> result.result() != wanted);
        return found;
    }
}
