// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.api.LookupTrace;
import dev.netecho.testkit.api.ReachabilityMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** A native image of the Linux backend keeps what it looks up by name: what a debugger sees it look up. */
class ReachabilityTest {
    private static final String ARTIFACT = "netecho-linux-rawsocket";

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "java.lang.foreign came with JDK 22")
    void everythingOfTheJdkIsListedAndNothingElse() throws Exception {
        ofTheClasses().lookups(LookupTrace.of(EchoProgram.class, "")).check();
    }

    @Test
    void everythingOfTheClassesIsListed() throws Exception {
        ofTheClasses().checkPart();
    }

    @Test
    void whatJnaLooksUpOfOurClassesIsListed() throws Exception {
        ReachabilityMetadata metadata = ofTheClasses();
        List<LookupTrace.Lookup> byJna = LookupTrace.of(EchoProgram.class, "-Dnetecho.binding=jna").stream()
                .filter(lookup -> lookup.type().startsWith("dev.netecho."))
                .toList();
        assertThat(byJna).as("lookups by JNA").isNotEmpty();
        assertThat(byJna)
                .allSatisfy(lookup -> assertThat(metadata.hasType(lookup.type()))
                        .as(lookup.toString())
                        .isTrue());
    }

    private static ReachabilityMetadata ofTheClasses() throws Exception {
        return ReachabilityMetadata.of("linux-rawsocket", ARTIFACT, LibC.class);
    }
}
