// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import org.jspecify.annotations.Nullable;

/** A rule of SPEC.md that a backend broke: the message begins with the rule's id. */
final class Violation extends AssertionError {
    private static final long serialVersionUID = 1L;

    private Violation(String message, @Nullable Throwable cause) {
        super(message, cause);
    }

    /** {@return the same failure under the rule's id, unless it has one already} */
    static Violation of(String rule, String test, Throwable thrown) {
        return thrown instanceof Violation named
                ? named
                : new Violation("[" + rule + "] " + test + ": " + thrown.getMessage(), thrown);
    }

    /** {@return a breach of another rule than the one that is being tested} */
    static Violation of(String rule, String what) {
        return new Violation("[" + rule + "] " + what, null);
    }
}
