// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.linux.PrivateNamespace;
import dev.netecho.sweep.SweepTargets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(PrivateNamespace.class)
final class RoutingChangesTest {
    private static final TargetRanges RANGES = new TargetRanges(SweepTargets.of("198.18.31.0/24"));

    /** A route with thousands of next hops is longer than any buffer. */
    @Test
    void whatIsTooLongToReadIsAChange() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {});
                RoutingChanges changes = RoutingChanges.watch(RANGES, 48)) {
            assertThat(changes.haveChanged()).isFalse();
            link.addRoute("198.18.31.128/26 via 198.18.30.253");
            assertThat(changes.haveChanged()).isTrue();
        }
    }

    @Test
    void routesToOthersAreNone() throws Exception {
        try (ScriptedLink link = new ScriptedLink((far, request) -> {});
                RoutingChanges changes = RoutingChanges.watch(RANGES)) {
            link.addRoute("198.18.40.0/24 via 198.18.30.253");
            assertThat(changes.haveChanged()).isFalse();
        }
    }
}
