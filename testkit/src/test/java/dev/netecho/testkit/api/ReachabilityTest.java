// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.api;

import dev.netecho.EchoRequester;
import dev.netecho.testkit.ContractHarness;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Native images of core and of the testkit keep what these look up by name. */
class ReachabilityTest {
    @Test
    void coreIsDescribed() throws IOException {
        // It loads classes ahead from a folder, which a native image has not. What it looks up for a backend is in the
        // backend's own metadata.
        ReachabilityMetadata.of("core", "netecho-core", EchoRequester.class)
                .check(
                        "Array.newInstance in dev.netecho.backend.ForeignFunctions",
                        "Class.arrayType in dev.netecho.backend.ForeignFunctions",
                        "Class.forName in dev.netecho.backend.ClassFolders",
                        "Class.forName in dev.netecho.backend.ForeignFunctions",
                        "Class.getField in dev.netecho.backend.ForeignFunctions",
                        "Class.getMethod in dev.netecho.backend.ForeignFunctions",
                        "Class.getMethod in dev.netecho.backend.NativeBinding");
    }

    @Test
    void theTestKitIsDescribed() throws IOException {
        ReachabilityMetadata.of("testkit", "netecho-testkit", ContractHarness.class)
                .check();
    }
}
