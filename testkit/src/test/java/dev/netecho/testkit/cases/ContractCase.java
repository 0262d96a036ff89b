// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.List;

/**
 * One case of the contract.
 *
 * @param id {@code C} and a number
 * @param rules the rules of SPEC.md that it belongs to; none for a property that no rule promises
 * @param outcome the stimulus and the one required outcome
 */
record ContractCase(String id, List<String> rules, String outcome) {
    ContractCase {
        rules = List.copyOf(rules);
    }
}
