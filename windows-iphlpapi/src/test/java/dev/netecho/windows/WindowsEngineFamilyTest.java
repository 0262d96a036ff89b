// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoCapability;
import dev.netecho.EchoOutcome;
import dev.netecho.EchoUnavailableException;
import dev.netecho.spi.EchoConfig;
import dev.netecho.windows.Requests.Asked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is claimed, and one family without the other. */
@Timeout(60)
final class WindowsEngineFamilyTest extends FakeEngineTest {
    @Test
    void capabilitiesClaimOnlyWhatTheSystemObeys() {
        open();
        assertThat(engine.capabilities())
                .containsExactlyInAnyOrder(
                        EchoCapability.IPV4,
                        EchoCapability.IPV6,
                        EchoCapability.HOP_LIMIT_IPV4,
                        EchoCapability.HOP_LIMIT_IPV6,
                        EchoCapability.SOURCE_ADDRESS,
                        EchoCapability.DONT_FRAGMENT_IPV4,
                        EchoCapability.REPLY_HOP_LIMIT_IPV4);
    }

    @Test
    void withoutIpv6TheRestWorks() {
        windows.create6Error = 120;
        open();
        assertThat(engine.capabilities()).contains(EchoCapability.IPV4).doesNotContain(EchoCapability.IPV6);
        Asked asked = submit(LONG);
        windows.reply(sent(), 0);
        assertThat(asked.await()).isInstanceOf(EchoOutcome.Reply.class);
        assertThat(HandleTrial.of(windows.system(), new byte[0]).availability().toString())
                .startsWith("available: without IPv6: Icmp6CreateFile failed with error 120 (text of 120)");
    }

    /** A requester opened then would be without the family for its life, though the system has it. */
    @ParameterizedTest(name = "error {0}")
    @ValueSource(ints = {8, 1450, 1453, 1816})
    void aFamilyThatIsShortOfMemoryKeepsItFromOpening(int error) {
        EchoConfig config = new EchoConfig("icmp-echo-test", options, requests.counters);
        windows.create6Error = error;
        assertThatThrownBy(() -> WindowsEngine.open(config, WindowsSettings.of(config), windows.system()))
                .isInstanceOf(EchoUnavailableException.class)
                .hasMessageContaining("IPv6: Icmp6CreateFile failed with error " + error)
                .hasMessageContaining("remedy: free memory");
        assertThat(windows.openHandles.get()).as("handles").isZero();
        windows.create6Error = 0;
        open();
        assertThat(engine.capabilities()).contains(EchoCapability.IPV4, EchoCapability.IPV6);
    }

    @Test
    void withoutEitherFamilyItSaysWhy() {
        windows.createError = 50;
        windows.create6Error = 50;
        EchoConfig config = new EchoConfig("icmp-echo-test", options, requests.counters);
        assertThatThrownBy(() -> WindowsEngine.open(config, WindowsSettings.of(config), windows.system()))
                .isInstanceOf(EchoUnavailableException.class)
                .hasMessageContaining("IcmpCreateFile failed with error 50 (text of 50)")
                .hasMessageContaining("remedy: ");
        assertThat(windows.openHandles.get()).as("handles").isZero();
    }
}
