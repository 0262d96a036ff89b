// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Arrays;
import java.util.List;

/**
 * The cases and what is known of each.
 *
 * @param contract the cases
 * @param results what tests have recorded, named ones included
 */
record CaseAccount(ContractCases contract, List<RecordedResult> results) {
    CaseAccount {
        results = List.copyOf(results);
    }

    /** {@return the results of a case, on every backend} */
    List<RecordedResult> of(String id) {
        return results.stream().filter(result -> result.cases().contains(id)).toList();
    }

    /** {@return the results of a case on one backend} */
    List<RecordedResult> of(String id, Backend backend) {
        return of(id).stream()
                .filter(result -> result.backend().equals(backend.id()))
                .toList();
    }

    /** {@return the results of a rule on one backend} */
    List<RecordedResult> ofRule(String rule, Backend backend) {
        return results.stream()
                .filter(result -> result.rule().equals(rule) && result.backend().equals(backend.id()))
                .toList();
    }

    /** {@return whether the backend need not show a rule on this system: none of the rule's cases} */
    boolean mayOmitRule(String rule, Backend backend, String osName) {
        List<ContractCase> cases = contract.cases().stream()
                .filter(each -> each.rules().contains(rule))
                .toList();
        return !cases.isEmpty() && cases.stream().allMatch(each -> mayOmit(each.id(), backend, osName));
    }

    boolean isProven(String id) {
        List<RecordedResult> all = of(id);
        return all.stream().anyMatch(result -> result.result() == Result.PASSED)
                && all.stream().noneMatch(result -> result.result() == Result.FAILED);
    }

    /** {@return whether the backend may show the case in another form, or not at all} */
    boolean mayDiffer(String id, Backend backend) {
        return contract.reasons().stream().anyMatch(reason -> reason.holdsFor(id, backend));
    }

    /** {@return whether the backend need not show the case at all on this system} */
    boolean mayOmit(String id, Backend backend, String osName) {
        return contract.reasons().stream().anyMatch(reason -> reason.omits(id, backend, osName));
    }

    /** {@return whether no backend of this system has to show the case, each for a reason that is stated} */
    boolean isExcused(String id, String osName) {
        return Arrays.stream(Backend.values())
                .filter(backend -> backend != Backend.CORE && backend.existsOn(osName))
                .allMatch(backend -> mayOmit(id, backend, osName));
    }

    /** {@return whether a backend has recorded anything at all} */
    boolean hasRun(Backend backend) {
        return results.stream().anyMatch(result -> result.backend().equals(backend.id()));
    }
}
