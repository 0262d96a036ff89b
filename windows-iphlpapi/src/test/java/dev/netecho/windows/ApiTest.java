// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import dev.netecho.testkit.api.PublicApi;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Users of the Windows backend can rely on what the folder {@code api} says. */
class ApiTest {
    @Test
    void theBackendIsWhatWasAgreed() throws IOException {
        PublicApi.check("netecho-windows-iphlpapi", WindowsIphlpapiProvider.class);
    }
}
