// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.testkit.BackendContract;
import dev.netecho.testkit.ContractRecorder;
import dev.netecho.testkit.lab.Lab;
import dev.netecho.testkit.lab.LabTest;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;

/** The contract for {@code linux-raw} on the library's own event loop. */
@LabTest
@ExtendWith(ContractRecorder.class)
class LinuxRawContractTest extends BackendContract {
    private static final LinuxHarness HARNESS = new LinuxHarness(EngineVariant.RAW, false);

    LinuxRawContractTest() {
        super(HARNESS);
    }

    @BeforeAll
    static void useLab(Lab lab) {
        HARNESS.use(lab);
    }
}
