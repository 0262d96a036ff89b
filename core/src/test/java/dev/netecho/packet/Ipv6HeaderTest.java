// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class Ipv6HeaderTest {
    private static final String HEADER =
            "6b8abcde ff00 3a 80 20010db8000000000000000000000001 fd00000000000080ff00000000000002";

    @ParameterizedTest
    @EnumSource
    void everyFieldIsReadUnsignedAndBigEndian(BufferKind kind) {
        ByteBuffer buffer = kind.holding(Hex.bytes(HEADER), 1);

        assertThat(Ipv6Header.headerLength(buffer, 1, 40)).isEqualTo(40);
        assertThat(Ipv6Header.trafficClass(buffer, 1)).isEqualTo(0xb8);
        assertThat(Ipv6Header.payloadLength(buffer, 1)).isEqualTo(0xff00);
        assertThat(Ipv6Header.nextHeader(buffer, 1)).isEqualTo(58);
        assertThat(Ipv6Header.hopLimit(buffer, 1)).isEqualTo(128);
        assertThat(Ipv6Header.sourceHigh(buffer, 1)).isEqualTo(0x20010db800000000L);
        assertThat(Ipv6Header.sourceLow(buffer, 1)).isEqualTo(1);
        assertThat(Ipv6Header.destinationHigh(buffer, 1)).isEqualTo(0xfd00000000000080L);
        assertThat(Ipv6Header.destinationLow(buffer, 1)).isEqualTo(0xff00000000000002L);
    }

    @Test
    void anotherVersionIsNoIpv6Header() {
        byte[] header = Hex.bytes(HEADER);
        for (int version = 0; version < 16; version++) {
            header[0] = (byte) (version << 4 | 0x0b);
            assertThat(Ipv6Header.headerLength(ByteBuffer.wrap(header), 0, 40))
                    .as("version %d", version)
                    .isEqualTo(version == 6 ? 40 : 0);
        }
    }

    @Test
    void lessThanFortyBytesAreNoHeader() {
        byte[] header = Hex.bytes(HEADER);
        for (int length = 0; length < 40; length++) {
            assertThat(Ipv6Header.headerLength(ByteBuffer.wrap(header, 0, length), 0, length))
                    .as("length %d", length)
                    .isZero();
        }
    }
}
