// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class Ipv4HeaderTest {
    private static final String HEADER = "45 b8 ff fe 1c46 a003 80 01 b1e6 c000020a ff3364f7";

    @ParameterizedTest
    @EnumSource
    void everyFieldIsReadUnsignedAndBigEndian(BufferKind kind) {
        ByteBuffer buffer = kind.holding(Hex.bytes(HEADER), 3);

        assertThat(Ipv4Header.headerLength(buffer, 3, 20)).isEqualTo(20);
        assertThat(Ipv4Header.typeOfService(buffer, 3)).isEqualTo(0xb8);
        assertThat(Ipv4Header.totalLength(buffer, 3)).isEqualTo(0xfffe);
        assertThat(Ipv4Header.fragmentOffset(buffer, 3)).isEqualTo(3);
        assertThat(Ipv4Header.timeToLive(buffer, 3)).isEqualTo(128);
        assertThat(Ipv4Header.protocol(buffer, 3)).isEqualTo(1);
        assertThat(Ipv4Header.source(buffer, 3)).isEqualTo(0xc000020a);
        assertThat(Ipv4Header.destination(buffer, 3)).isEqualTo(0xff3364f7);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 6, 10, 15})
    void theHeaderLengthIsThatOfItsIhlIfItFits(int words) {
        byte[] packet = new byte[words * 4];
        packet[0] = (byte) (0x40 | words);
        ByteBuffer buffer = ByteBuffer.wrap(packet);

        assertThat(Ipv4Header.headerLength(buffer, 0, packet.length)).isEqualTo(packet.length);
        assertThat(Ipv4Header.headerLength(buffer, 0, packet.length - 1)).isZero();
    }

    @ParameterizedTest
    @ValueSource(ints = {0x00, 0x40, 0x44, 0x35, 0x55, 0x65, 0xc5, 0xf5})
    void anotherVersionOrAShortIhlIsNoIpv4Header(int first) {
        byte[] packet = new byte[60];
        packet[0] = (byte) first;

        assertThat(Ipv4Header.headerLength(ByteBuffer.wrap(packet), 0, 60)).isZero();
    }

    @Test
    void lessThanTwentyBytesAreNoHeader() {
        byte[] header = Hex.bytes(HEADER);
        for (int length = 0; length < 20; length++) {
            assertThat(Ipv4Header.headerLength(ByteBuffer.wrap(header, 0, length), 0, length))
                    .as("length %d", length)
                    .isZero();
        }
    }
}
