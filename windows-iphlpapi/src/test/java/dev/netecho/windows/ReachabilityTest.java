// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.testkit.api.ReachabilityMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A native image of the Windows backend keeps what it looks up by name. */
class ReachabilityTest {
    @Test
    void theBackendIsDescribed() throws IOException {
        ReachabilityMetadata.of("windows-iphlpapi", "netecho-windows-iphlpapi", WindowsIphlpapiProvider.class)
                .check();
    }
}
