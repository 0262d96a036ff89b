// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.testkit.BackendContract;
import dev.netecho.testkit.ContractRecorder;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract for {@code linux-raw} on a lent event loop of Netty. */
@LabTest
@ExtendWith(ContractRecorder.class)
class LinuxRawOnLentLoopContractTest extends BackendContract {
    private static final LinuxHarness HARNESS = new LinuxHarness(EngineVariant.RAW, true);

    LinuxRawOnLentLoopContractTest() {
        super(HARNESS);
    }

    @BeforeAll
    static void useLab(Lab lab) {
        HARNESS.use(lab);
    }
}
