// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import org.junit.jupiter.api.extension.ExtendWith;

/** The contract for {@code simulated}. */
@ExtendWith(ContractRecorder.class)
class SimulatedContractTest extends BackendContract {
    private static final ContractHarness HARNESS = new SimulatedHarness();

    SimulatedContractTest() {
        super(HARNESS);
    }
}
