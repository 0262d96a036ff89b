// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EchoPayloadTest {
    private static final long TOKEN = 0x8011_2233_4455_66ffL;

    @Test
    void has56BytesInTheDefaultFormByDefault() {
        assertThat(EchoPayload.DEFAULT.size()).isEqualTo(56);
        assertThat(EchoPayload.DEFAULT.isDefaultForm()).isTrue();
        assertThat(EchoPayload.DEFAULT.carriesToken()).isTrue();
        assertThat(EchoPayload.ofSize(56)).isSameAs(EchoPayload.DEFAULT);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 7, 8, 65_500})
    void takesEverySizeInRangeInBothForms(int size) {
        EchoPayload byLength = EchoPayload.ofSize(size);
        EchoPayload explicit = EchoPayload.of(new byte[size]);
        EchoPayload copied = EchoPayload.copyOf(ByteBuffer.allocate(size), 0, size);

        assertThat(byLength.size()).isEqualTo(size);
        assertThat(byLength.isDefaultForm()).isTrue();
        assertThat(byLength.carriesToken()).isEqualTo(size >= 8);
        assertThat(byLength.toByteArray()).hasSize(size);
        assertThat(explicit.size()).isEqualTo(size);
        assertThat(explicit.isDefaultForm()).isFalse();
        assertThat(explicit.carriesToken()).isFalse();
        assertThat(explicit.toByteArray()).isEqualTo(new byte[size]);
        assertThat(copied).isEqualTo(explicit);
    }

    @ParameterizedTest
    @ValueSource(ints = {Integer.MIN_VALUE, -1, 65_501, Integer.MAX_VALUE})
    void refusesASizeOutOfRangeAndNamesIt(int size) {
        String message = "payload size is " + size + " bytes; it must be 0 to 65500";

        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoPayload.ofSize(size))
                .withMessage(message);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoPayload.copyOf(ByteBuffer.allocate(70_000), 0, size))
                .withMessage(message);
    }

    @Test
    void refusesTooManyExplicitBytesAndSaysHowMany() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> EchoPayload.of(new byte[65_501]))
                .withMessage("payload size is 65501 bytes; it must be 0 to 65500");
    }

    @Test
    void refusesToCopyWhatABufferDoesNotHold() {
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> EchoPayload.copyOf(ByteBuffer.allocate(9), 2, 8));
    }

    @Test
    void showsTheDefaultFormWithATokenOfZero() {
        assertThat(EchoPayload.ofSize(10).toByteArray()).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 8, 9);
        assertThat(EchoPayload.ofSize(3).toByteArray()).containsExactly(0, 1, 2);
    }

    @Test
    void keepsItsBytesWhateverBecomesOfTheArraysAndBuffers() {
        byte[] given = {1, 2, 3};
        ByteBuffer buffer = ByteBuffer.wrap(new byte[] {9, 1, 2, 3, 9}).position(4);
        EchoPayload explicit = EchoPayload.of(given);
        EchoPayload copied = EchoPayload.copyOf(buffer, 1, 3);

        given[0] = 42;
        buffer.put(1, (byte) 42);
        explicit.toByteArray()[1] = 42;

        assertThat(explicit.toByteArray()).containsExactly(1, 2, 3);
        assertThat(copied.toByteArray()).containsExactly(1, 2, 3);
        assertThat(buffer.position()).isEqualTo(4);
        assertThat(buffer.limit()).isEqualTo(5);
    }

    @Test
    void writesTheTokenOnlyInTheDefaultFormWithRoomForIt() {
        assertThat(written(EchoPayload.ofSize(9)))
                .containsExactly(0x80, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66, 0xff, 0x08);
        assertThat(written(EchoPayload.ofSize(2))).containsExactly(0x00, 0x01);
        assertThat(written(EchoPayload.of(new byte[9]))).containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0);
    }

    @Test
    void matchesWhatItWroteWhateverTheToken() {
        EchoPayload payload = EchoPayload.ofSize(20);
        ByteBuffer buffer = ByteBuffer.allocate(30).position(3).limit(25);
        payload.copyInto(buffer, 5, TOKEN);

        assertThat(payload.matches(buffer, 5, 20)).isTrue();
        assertThat(buffer.position()).isEqualTo(3);
        assertThat(buffer.limit()).isEqualTo(25);
        buffer.put(5, (byte) 1);
        assertThat(payload.matches(buffer, 5, 20)).as("another token").isTrue();
        buffer.put(13, (byte) 1);
        assertThat(payload.matches(buffer, 5, 20)).as("another pattern").isFalse();
    }

    @Test
    void matchesAnExplicitPayloadByteForByte() {
        byte[] bytes = new byte[20];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i * 37);
        }
        EchoPayload payload = EchoPayload.of(bytes);
        for (int i = 0; i < bytes.length; i++) {
            ByteBuffer buffer = ByteBuffer.allocate(25);
            payload.copyInto(buffer, 5, TOKEN);
            assertThat(payload.matches(buffer, 5, 20)).isTrue();
            buffer.put(5 + i, (byte) (buffer.get(5 + i) ^ 1));
            assertThat(payload.matches(buffer, 5, 20)).as("byte %d changed", i).isFalse();
        }
    }

    @Test
    void matchesNoOtherLength() {
        ByteBuffer buffer = ByteBuffer.allocate(70_000);
        for (EchoPayload payload : new EchoPayload[] {EchoPayload.ofSize(20), EchoPayload.of(new byte[20])}) {
            payload.copyInto(buffer, 0, 0);
            assertThat(payload.matches(buffer, 0, 19)).isFalse();
            assertThat(payload.matches(buffer, 0, 21)).isFalse();
            assertThat(payload.matches(buffer, 0, 0)).isFalse();
        }
        assertThat(EchoPayload.of(new byte[0]).matches(buffer, 0, 0)).isTrue();
    }

    @Test
    void isEqualWhenFormAndContentAre() {
        assertThat(EchoPayload.ofSize(9)).isEqualTo(EchoPayload.ofSize(9)).hasSameHashCodeAs(EchoPayload.ofSize(9));
        assertThat(EchoPayload.ofSize(9)).isNotEqualTo(EchoPayload.ofSize(10));
        assertThat(EchoPayload.of(new byte[] {1, 2}))
                .isEqualTo(EchoPayload.of(new byte[] {1, 2}))
                .hasSameHashCodeAs(EchoPayload.of(new byte[] {1, 2}))
                .isNotEqualTo(EchoPayload.of(new byte[] {1, 3}));
        assertThat(EchoPayload.of(EchoPayload.ofSize(9).toByteArray())).isNotEqualTo(EchoPayload.ofSize(9));
        assertThat(EchoPayload.of(new byte[0])).isNotEqualTo(EchoPayload.ofSize(0));
        assertThat(EchoPayload.ofSize(9)).isNotEqualTo("another type");
    }

    @Test
    void saysItsSizeAndFormButNotItsContent() {
        assertThat(EchoPayload.ofSize(9)).hasToString("EchoPayload[9 bytes, default form]");
        assertThat(EchoPayload.of(new byte[] {1, 2})).hasToString("EchoPayload[2 bytes, explicit]");
    }

    private static int[] written(EchoPayload payload) {
        ByteBuffer buffer = ByteBuffer.allocate(payload.size() + 2);
        payload.copyInto(buffer, 1, TOKEN);
        int[] octets = new int[payload.size()];
        Arrays.setAll(octets, i -> buffer.get(i + 1) & 0xff);
        return octets;
    }
}
