// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.testkit.api.LookupTrace;
import dev.netecho.testkit.api.ReachabilityMetadata;
import dev.netecho.windows.win32.LookupProgram;
import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** A native image of the Windows backend keeps what it looks up by name: what a debugger sees it look up. */
class ReachabilityTest {
    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "java.lang.foreign came with JDK 22")
    void everythingOfTheJdkIsListedAndNothingElse() throws Exception {
        ofTheClasses().lookups(LookupTrace.of(LookupProgram.class, "")).check();
    }

    @Test
    void everythingOfTheClassesIsListed() throws Exception {
        ofTheClasses().checkPart();
    }

    private static ReachabilityMetadata ofTheClasses() throws IOException {
        return ReachabilityMetadata.of("windows-iphlpapi", "netecho-windows-iphlpapi", WindowsIphlpapiProvider.class);
    }
}
