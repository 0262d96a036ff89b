// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class DefaultPayloadTest {
    private static final long TOKEN = 0x8011_2233_4455_66ffL;

    @ParameterizedTest
    @EnumSource
    void isTheTokenAndThenBytesThatCount(BufferKind kind) {
        ByteBuffer buffer = kind.allocate(21);

        DefaultPayload.put(buffer, 2, 19, TOKEN);

        assertThat(bytes(buffer, 2, 19)).isEqualTo(Hex.bytes("80112233445566ff", "08090a0b0c0d0e0f", "101112"));
        assertThat(DefaultPayload.token(buffer, 2)).isEqualTo(TOKEN);
    }

    @ParameterizedTest
    @EnumSource
    void belowEightBytesIsThePatternAlone(BufferKind kind) {
        ByteBuffer buffer = kind.allocate(7);

        DefaultPayload.put(buffer, 0, 7, TOKEN);

        assertThat(bytes(buffer, 0, 7)).isEqualTo(Hex.bytes("00010203040506"));
    }

    @ParameterizedTest
    @EnumSource
    void byteIIsIAtEverySizeAndNothingElseChanges(BufferKind kind) {
        for (int size = 0; size <= 600; size++) {
            int offset = size % 5 + 1;
            ByteBuffer buffer = kind.allocate(offset + size + 1);
            buffer.put(offset - 1, (byte) 0x5a).put(offset + size, (byte) 0x5a);

            DefaultPayload.put(buffer, offset, size, TOKEN);

            for (int i = size < 8 ? 0 : 8; i < size; i++) {
                assertThat(buffer.get(offset + i))
                        .as("size %d, byte %d", size, i)
                        .isEqualTo((byte) (i & 0xff));
            }
            assertThat(buffer.get(offset - 1)).isEqualTo((byte) 0x5a);
            assertThat(buffer.get(offset + size)).isEqualTo((byte) 0x5a);
            assertThat(DefaultPayload.matchesPattern(buffer, offset, size))
                    .as("size %d", size)
                    .isTrue();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anyChangedByteButThoseOfTheTokenIsNoticed(BufferKind kind) {
        for (int size : new int[] {1, 7, 8, 9, 15, 16, 17, 56, 300}) {
            ByteBuffer buffer = kind.allocate(size + 3);
            DefaultPayload.put(buffer, 3, size, TOKEN);
            for (int i = 0; i < size; i++) {
                byte original = buffer.get(3 + i);
                buffer.put(3 + i, (byte) (original ^ 0x80));
                assertThat(DefaultPayload.matchesPattern(buffer, 3, size))
                        .as("size %d, byte %d", size, i)
                        .isEqualTo(size >= 8 && i < 8);
                buffer.put(3 + i, original);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNewTokenLeavesThePatternAlone(BufferKind kind) {
        ByteBuffer buffer = kind.allocate(56);
        DefaultPayload.put(buffer, 0, 56, TOKEN);

        DefaultPayload.putToken(buffer, 0, 1);

        assertThat(DefaultPayload.token(buffer, 0)).isEqualTo(1);
        assertThat(DefaultPayload.matchesPattern(buffer, 0, 56)).isTrue();
    }

    private static byte[] bytes(ByteBuffer buffer, int from, int count) {
        byte[] bytes = new byte[count];
        buffer.get(from, bytes);
        return bytes;
    }
}
