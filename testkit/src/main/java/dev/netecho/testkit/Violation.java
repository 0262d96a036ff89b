// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import org.jspecify.annotations.Nullable;

/** A rule of SPEC.md that a backend broke: the message begins with the rule's id. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private final String rule;
    private final String what;

    private Violation(String rule, String place, String what, @Nullable Throwable cause) {
        super("[" + rule + "] " + place + what, cause);
        this.rule = rule;
        this.what = what;
    }

    /** {@return the failure of a test under the test's rule, or the breach of another rule that the test found} */
    static Violation of(String rule, String test, Throwable thrown) {
        return thrown instanceof Violation other
                ? new Violation(other.rule, "in the test " + test + ": ", other.what, other)
                : new Violation(rule, test + ": ", told(thrown), thrown);
    }

    /** {@return a breach of a rule other than the one under test} */
    static Violation of(String rule, String what) {
        return new Violation(rule, "", what, null);
    }

    /** A failed check needs only its message; another exception needs its type too. */
    private static String told(Throwable thrown) {
        return thrown instanceof AssertionError ? String.valueOf(thrown.getMessage()) : "threw " + thrown;
    }
}
