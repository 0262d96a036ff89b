// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Set;

/**
 * What some backends may do otherwise in some cases, and why.
 *
 * @param cases the cases' ids
 * @param backends the backends it holds for
 * @param omits true if the backends need not show the cases at all; false if they show them in another form, which a test
 *     has to prove as well
 * @param text one sentence for people
 */
record StatedReason(Set<String> cases, Set<Backend> backends, boolean omits, String text) {
    StatedReason {
        cases = Set.copyOf(cases);
        backends = Set.copyOf(backends);
    }

    boolean holdsFor(String id, Backend backend) {
        return cases.contains(id) && backends.contains(backend);
    }
}
