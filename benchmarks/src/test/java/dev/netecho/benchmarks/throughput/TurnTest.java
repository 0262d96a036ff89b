// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.netecho.benchmarks.Finished;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

final class TurnTest {
    @ParameterizedTest
    @EnumSource(Turn.Style.class)
    void aTurnReadsAsItWasWritten(Turn.Style style) {
        Turn turn = new Turn("linux-raw", style, "::1", 3, 64, 0.1, 2.5);
        assertThat(Turn.of(Finished.valuesOf(turn.toLine()))).isEqualTo(turn);
    }

    @Test
    void aTurnWithoutAProviderIsRefused() {
        assertThatThrownBy(() -> Turn.of(Map.of("style", "listener")))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("provider");
    }

    @ParameterizedTest(name = "{1} behind {0} is {2}")
    @CsvSource({
        "127.0.0.1, 0, 127.0.0.1",
        "127.0.1.1, 199, 127.0.1.200",
        "127.0.0.255, 1, 127.0.1.0",
        "198.18.0.0, 65536, 198.19.0.0",
        "::1, 65535, ::1:0",
        "2001:2::ffff, 1, 2001:2::1:0"
    })
    void destinationsFollowOneAnother(String first, int distance, String expected) throws UnknownHostException {
        byte[] address = InetAddress.getByName(first).getAddress();
        assertThat(InetAddress.getByAddress(EchoWorker.behind(address, distance)))
                .isEqualTo(InetAddress.getByName(expected));
    }
}
