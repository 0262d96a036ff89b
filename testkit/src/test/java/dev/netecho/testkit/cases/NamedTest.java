// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.cases;

import java.util.Set;

/**
 * A test of a module that cannot depend on this one, and the cases that it proves for every backend alike.
 *
 * @param module the module's folder
 * @param test full class name, a dot and the method
 * @param cases the cases' ids
 */
record NamedTest(String module, String test, Set<String> cases) {
    NamedTest {
        cases = Set.copyOf(cases);
    }

    /** {@return class and method, as annotated tests are called} */
    String shortName() {
        int method = test.lastIndexOf('.');
        return test.substring(test.lastIndexOf('.', method - 1) + 1);
    }
}
