// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.testkit.api.ReachabilityMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A native image of shared sweeps keeps what they look up by name. */
class ReachabilityTest {
    @Test
    void theModuleIsDescribed() throws IOException {
        ReachabilityMetadata.of("sweep-kafka", "netecho-sweep-kafka", SweepWorker.class)
                .check();
    }
}
