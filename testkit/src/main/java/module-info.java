// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/**
 * What tests of echo requesters need: a network that misbehaves on purpose and always in the same way, and an account of
 * what they have proven.
 */
@NullMarked
module dev.netecho.testkit {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires com.sun.jna;
    requires java.xml;
    requires static transitive org.junit.jupiter.api;

    exports dev.netecho.testkit.cases;
    exports dev.netecho.testkit.lab;

    // JNA binds the native methods of this package by reflection.
    opens dev.netecho.testkit.lab to
            com.sun.jna;
}
