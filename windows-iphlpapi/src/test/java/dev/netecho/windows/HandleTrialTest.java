// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.packet.IpVersion;
import dev.netecho.windows.win32.PointerWidth;
import org.junit.jupiter.api.Test;

/** One family never takes the other with it (SPEC PRO-4), and says what it failed by (SPEC PRO-3). */
final class HandleTrialTest {
    private final FakeWindows windows = new FakeWindows();

    @Test
    void whatIpv6ThrowsIsItsOwnFailure() {
        windows.create6Throws = true;
        HandleTrial trial = HandleTrial.of(windows.system(), new byte[0]);
        assertThat(trial.handles()).containsOnlyKeys(IpVersion.V4);
        assertThat(trial.availability().toString())
                .startsWith("available: without IPv6: Icmp6CreateFile could not be called: ")
                .contains("Error looking up function 'Icmp6CreateFile'");
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }

    @Test
    void functionsThatCouldNotBeBoundSayWhy() {
        WindowsSystem without = new WindowsSystem(
                windows,
                windows,
                null,
                "java.lang.UnsatisfiedLinkError: the text of the binding",
                null,
                windows.heap,
                PointerWidth.BITS_64,
                HostTraits.WINDOWS,
                windows.system().addressOf());
        assertThat(HandleTrial.of(without, new byte[0]).availability().why())
                .startsWith("without IPv6: ")
                .endsWith("the text of the binding");
    }
}
