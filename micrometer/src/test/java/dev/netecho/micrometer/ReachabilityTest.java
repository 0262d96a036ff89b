// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.micrometer;

import dev.netecho.testkit.api.ReachabilityMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A native image of the meters keeps what they look up by name. */
class ReachabilityTest {
    @Test
    void theMetersAreDescribed() throws IOException {
        ReachabilityMetadata.of("micrometer", "netecho-micrometer", EchoMetrics.class)
                .check();
    }
}
