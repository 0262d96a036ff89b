// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Set;

/**
 * What some backends may do otherwise in some cases, and why.
 *
 * @param cases the cases' ids
 * @param backends the backends it holds for
 * @param may what the backends may do
 * @param text one sentence for people
 */
record StatedReason(Set<String> cases, Set<Backend> backends, May may, String text) {
    /** What a backend may do with a case. */
    enum May {
        /** It shows the case in another form, which a test has to prove as well. */
        DIFFER("differ"),
        /** It need not show the case at all. */
        OMIT("omit"),
        /** It need not show the case where it runs on another system than its own: a Windows backend under Wine. */
        OMIT_UNDER_WINE("omit under Wine");

        /** How the page says it. */
        private final String words;

        May(String words) {
            this.words = words;
        }

        String words() {
            return words;
        }
    }

    StatedReason {
        cases = Set.copyOf(cases);
        backends = Set.copyOf(backends);
    }

    boolean holdsFor(String id, Backend backend) {
        return cases.contains(id) && backends.contains(backend);
    }

    /**
     * {@return whether the backend need not show the case on this system}
     *
     * @param osName the value of the system property {@code os.name}
     */
    boolean omits(String id, Backend backend, String osName) {
        return holdsFor(id, backend) && (may == May.OMIT || (may == May.OMIT_UNDER_WINE && !backend.existsOn(osName)));
    }
}
