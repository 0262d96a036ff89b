// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.EchoOption;
import dev.netecho.spi.EchoConfig;
import dev.netecho.testkit.backend.StrayCounts;
import dev.netecho.windows.win32.WineVersion;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

final class WindowsSettingsTest {
    private static WindowsSettings of(Map<EchoOption<?>, Object> options) {
        return WindowsSettings.of(new EchoConfig("icmp-echo-test", options, new StrayCounts()));
    }

    @Test
    void withoutOptionsTheDocumentedDefaultsHold() {
        WindowsSettings settings = of(Map.of());
        assertThat(settings.maxPendingCalls()).isEqualTo(4_096);
        assertThat(settings.longestWaitMillis()).isEqualTo(0x7fff_fffe);
        assertThat(settings.drainNanos()).isEqualTo(5_000_000_000L);
        assertThat(settings.trafficClass()).isFalse();
        assertThat(settings.ipOptions()).isEmpty();
    }

    static Stream<Arguments> wrong() {
        return Stream.of(
                Arguments.of(
                        WindowsOptions.MAX_PENDING_CALLS, 0, "windows.maxPendingCalls is 0; it must be 1 to 65535"),
                Arguments.of(
                        WindowsOptions.MAX_PENDING_CALLS,
                        65_536,
                        "windows.maxPendingCalls is 65536; it must be 1 to 65535"),
                Arguments.of(
                        WindowsOptions.LONGEST_WAIT,
                        Duration.ofMillis(999),
                        "windows.longestWait is PT0.999S; it must be at least one second"),
                Arguments.of(
                        WindowsOptions.DRAIN_TIMEOUT,
                        Duration.ofMillis(-1),
                        "windows.drainTimeout is PT-0.001S; it must be zero to a day"),
                Arguments.of(
                        WindowsOptions.IP_OPTIONS,
                        new byte[41],
                        "windows.ipOptions is 41 bytes; an IPv4 header has room for 40"));
    }

    @ParameterizedTest
    @MethodSource("wrong")
    void aValueOutOfRangeIsRefusedWithWhatIsAllowed(EchoOption<?> option, Object value, String message) {
        assertThatThrownBy(() -> of(Map.of(option, value)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage(message);
    }

    @Test
    void theLongestWaitIsNoLongerThanTheSystemTakes() {
        assertThat(of(Map.of(WindowsOptions.LONGEST_WAIT, Duration.ofDays(99_999)))
                        .longestWaitMillis())
                .isEqualTo(0x7fff_fffe);
    }

    @ParameterizedTest(name = "Wine {0}: source {1}")
    @CsvSource({"8.0,false", "10.0,false", "10.13,false", "10.14,true", "10.14-rc1,true", "11.0,true"})
    void underWineOnlyWhatThatVersionObeysIsClaimed(String version, boolean source) {
        String[] parts = version.split("[.-]", -1);
        WineVersion wine = new WineVersion(Integer.parseInt(parts[0]), Integer.parseInt(parts[1]));
        assertThat(HostTraits.of(Optional.of(wine))).isEqualTo(new HostTraits(source, false, true, 200));
    }

    @Test
    void windowsDoesNotHaveTheTrafficClassUnlessAnOperatorSaysSo() {
        assertThat(HostTraits.of(Optional.empty())).isEqualTo(new HostTraits(true, true, false, Integer.MAX_VALUE));
        assertThat(HostTraits.WINDOWS.withTrafficClass(true).trafficClass()).isTrue();
        assertThat(HostTraits.WINDOWS.withTrafficClass(false)).isEqualTo(HostTraits.WINDOWS);
    }
}
