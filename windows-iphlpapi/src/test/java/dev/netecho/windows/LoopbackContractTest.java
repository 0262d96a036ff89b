// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.BackendContract;
import org.junit.jupiter.api.AfterAll;

/** As much of the contract as loopback shows, on any Windows. */
@WindowsTest
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
