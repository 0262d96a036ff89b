// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.testkit.api.ReachabilityMetadata;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledForJreRange;

/** A native image of the Linux backend keeps what it looks up by name: what a debugger sees it look up. */
class ReachabilityTest {
    private static final String ARTIFACT = "netecho-linux-rawsocket";

    /** Where the backend looks something up by reflection: each place is passed by {@link LookupTrace}. */
    private static final String[] LOOKUPS = {
        "Array.newInstance in dev.netecho.linux.libc.ForeignFunctions",
        "Class.arrayType in dev.netecho.linux.libc.ForeignFunctions",
        "Class.forName in dev.netecho.linux.libc.ForeignFunctions",
        "Class.getField in dev.netecho.linux.libc.ForeignFunctions",
        "Class.getMethod in dev.netecho.linux.libc.Bindings",
        "Class.getMethod in dev.netecho.linux.libc.ForeignFunctions",
    };

    @Test
    @EnabledForJreRange(minVersion = 22, disabledReason = "java.lang.foreign came with JDK 22")
    void everythingOfTheJdkIsListedAndNothingElse() throws Exception {
        ReachabilityMetadata metadata = ofTheClasses();
        for (LookupTrace.Lookup lookup : LookupTrace.of("")) {
            add(metadata, lookup);
        }
        metadata.check(LOOKUPS);
    }

    @Test
    void everythingOfTheClassesIsListed() throws Exception {
        ofTheClasses().checkPart(LOOKUPS);
    }

    @Test
    void whatJnaLooksUpOfOurClassesIsListed() throws Exception {
        ReachabilityMetadata metadata = ofTheClasses();
        List<LookupTrace.Lookup> byJna = LookupTrace.of("-Dnetecho.binding=jna").stream()
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

    private static void add(ReachabilityMetadata metadata, LookupTrace.Lookup lookup) {
        switch (lookup.kind()) {
            case TYPE -> metadata.type(lookup.type());
            case METHOD -> metadata.method(lookup.type(), lookup.name(), lookup.parameterTypes());
            case FIELD -> metadata.field(lookup.type(), lookup.name());
            case DOWNCALL -> metadata.downcall(lookup.type(), lookup.parameterTypes());
        }
    }
}
