// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

/** The contract for {@code simulated}. */
class SimulatedContractTest extends BackendContract {
    private static final ContractHarness HARNESS = new SimulatedHarness();

    SimulatedContractTest() {
        super(HARNESS);
    }
}
