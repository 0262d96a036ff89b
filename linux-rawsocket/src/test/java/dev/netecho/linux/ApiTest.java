// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import dev.netecho.testkit.api.PublicApi;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** Users of the Linux backend can rely on what the folder {@code api} says. */
class ApiTest {
    @Test
    void theBackendIsWhatWasAgreed() throws IOException {
        PublicApi.check("netecho-linux-rawsocket", LinuxDatagramProvider.class);
    }
}
