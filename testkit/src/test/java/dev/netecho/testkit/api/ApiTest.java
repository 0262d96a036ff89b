// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.api;

import dev.netecho.EchoRequester;
import dev.netecho.testkit.ContractHarness;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Users of core and of the testkit can rely on what the folder {@code api} says. */
class ApiTest {
    @Test
    void coreIsWhatWasAgreed() throws IOException {
        PublicApi.check("netecho-core", EchoRequester.class);
    }

    @Test
    void theTestKitIsWhatWasAgreed() throws IOException {
        PublicApi.check("netecho-testkit", ContractHarness.class);
    }
}
