// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Set;

/**
 * What some backends need not run: without such a row, one test that passes would hide that its neighbour is never run.
 *
 * @param what class and method of a test, or the limit or the capability that the reason names
 * @param backends the backends it holds for
 * @param text one sentence for people: why, or where it is shown instead
 */
record ExcusedSkip(String what, Set<Backend> backends, String text) {
    ExcusedSkip {
        backends = Set.copyOf(backends);
    }

    boolean excuses(RecordedResult skipped, Backend backend) {
        String reason = ": " + skipped.reason();
        return backends.contains(backend)
                && (skipped.test().equals(what)
                        || reason.contains(": " + what + ":")
                        || reason.endsWith(" has no " + what));
    }
}
