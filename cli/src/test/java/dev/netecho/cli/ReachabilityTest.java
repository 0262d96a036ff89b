// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import dev.netecho.testkit.api.ReachabilityMetadata;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** A native image of the command keeps what it looks up by name. */
class ReachabilityTest {
    @Test
    void theCommandIsDescribed() throws IOException {
        ReachabilityMetadata.of("cli", "netecho-cli", NetechoCommand.class)
                .resource("META-INF/maven/dev.netecho/netecho-cli/pom.properties")
                .check("Class.getResourceAsStream in dev.netecho.cli.ProjectVersion");
    }
}
