// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.netecho.IpVersion;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LabAddressTest {
    @ParameterizedTest
    @CsvSource({
        "198.18.0.0, 2001:2::18:0:0",
        "198.18.2.25, 2001:2::18:2:25",
        "198.18.9.13, 2001:2::18:9:13",
        "198.19.255.255, 2001:2::19:255:255",
    })
    void twinsShowTheSameDigits(String ipv4, String ipv6) throws UnknownHostException {
        int number = number(InetAddress.getByName(ipv4));

        assertThat(number(InetAddress.getByName(ipv6))).isEqualTo(number);
        assertThat(LabAddress.of(IpVersion.V4, number)).isEqualTo(InetAddress.getByName(ipv4));
        assertThat(LabAddress.of(IpVersion.V6, number)).isEqualTo(InetAddress.getByName(ipv6));
    }

    @Test
    void everyNumberComesBackFromBothItsAddresses() {
        for (int number = 0; number < LabAddress.COUNT; number++) {
            assertThat(number(LabAddress.of(IpVersion.V4, number))).isEqualTo(number);
            assertThat(number(LabAddress.of(IpVersion.V6, number))).isEqualTo(number);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "198.17.255.255",
                "198.20.0.0",
                "0.0.0.0",
                "2001:2::17:1:1",
                "2001:2::20:1:1",
                "2001:2::18:1:1a",
                "2001:2::18:1:256",
                "2001:2::18:1000:1",
                "2001:2::1:18:1:1",
                "2001:2:0:1:0:18:1:1",
                "2001:3::18:1:1",
            })
    void addressesOutsideHaveNoNumber(String address) throws UnknownHostException {
        assertThat(number(InetAddress.getByName(address))).isEqualTo(LabAddress.NONE);
    }

    @Test
    void aNumberOutsideHasNoAddress() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> LabAddress.of(IpVersion.V4, LabAddress.COUNT))
                .withMessageContaining("131072");
    }

    private static int number(InetAddress address) {
        ByteBuffer bytes = ByteBuffer.wrap(address.getAddress());
        return bytes.capacity() == 4
                ? LabAddress.number(bytes.getInt(0))
                : LabAddress.number(bytes.getLong(0), bytes.getLong(8));
    }
}
