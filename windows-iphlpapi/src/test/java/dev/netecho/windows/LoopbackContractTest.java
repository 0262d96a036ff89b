// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.BackendContract;
import dev.netecho.testkit.ContractRecorder;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** As much of the contract as loopback shows, on any Windows. */
@WindowsTest
@ExtendWith(ContractRecorder.class)
class LoopbackContractTest extends BackendContract {
    private static final WindowsHarness HARNESS = WindowsHarness.onLoopback();

    LoopbackContractTest() {
        super(HARNESS);
    }

    @AfterAll
    static void nothingWasWrittenWhereItMustNotBe() {
        assertThat(HARNESS.heapDefects()).isEmpty();
    }
}
