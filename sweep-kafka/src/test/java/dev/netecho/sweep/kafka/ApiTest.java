// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep.kafka;

import dev.netecho.testkit.api.PublicApi;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Users of shared sweeps can rely on what the folder {@code api} says. */
class ApiTest {
    @Test
    void theModuleIsWhatWasAgreed() throws IOException {
        PublicApi.check("netecho-sweep-kafka", SweepWorker.class);
    }
}
