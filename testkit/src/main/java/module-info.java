// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

import org.jspecify.annotations.NullMarked;

/**
 * What tests of echo requesters need: the contract that every backend keeps, a network that misbehaves on purpose and
 * always in the same way, and a backend without a network.
 */
@NullMarked
module dev.netecho.testkit {
    requires transitive dev.netecho;
    requires static transitive org.jspecify;
    requires java.management;
    requires transitive org.slf4j;
    requires com.sun.jna;
    requires static transitive org.junit.jupiter.api;

    exports dev.netecho.testkit;
    exports dev.netecho.testkit.lab;
    exports dev.netecho.testkit.simulated;

    // JUnit calls the tests of the contract by reflection.
    opens dev.netecho.testkit to
            org.junit.platform.commons;

    // JNA binds the native methods of this package by reflection.
    opens dev.netecho.testkit.lab to
            com.sun.jna;

    provides dev.netecho.spi.EchoRequesterProvider with
            dev.netecho.testkit.simulated.SimulatedProvider;
}
