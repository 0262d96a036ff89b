// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IcmpExtension;
import dev.netecho.IcmpExtension.MplsLabel;
import dev.netecho.IpVersion;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class IcmpExtensionsTest {
    private static final String TOLD_4 = "0b00 0000 0020 0000";
    private static final String UNTOLD_4 = "0b00 0000 0000 0000";
    private static final String TOLD_6 = "0300 0000 1000 0000";

    // An MPLS stack of two labels and an object of class 2, type 0x0a, with two bytes.
    private static final String OBJECTS = "000c 0101 05dc1201 00010140 0006 020a beef";

    private static byte[] message(String header, int quote, String structure, String objects) {
        return Hex.bytes(header, Hex.zeros(quote), structure, objects);
    }

    /** With the right checksum in the structure, which begins at an offset. */
    private static byte[] sealed(byte[] message, int structure) {
        ByteBuffer view = ByteBuffer.wrap(message);
        view.putShort(structure + 2, (short) InternetChecksum.of(view, structure, message.length - structure));
        return message;
    }

    private static List<IcmpExtension> read(byte[] message, IpVersion version) {
        List<IcmpExtension> read = null;
        for (BufferKind kind : BufferKind.values()) {
            List<IcmpExtension> here = IcmpExtensions.ofError(kind.holding(message, 5), 5, message.length, version);
            assertThat(read).isIn(null, here);
            read = here;
        }
        return read;
    }

    @ParameterizedTest
    @CsvSource({"V4, " + TOLD_4, "V4, " + UNTOLD_4, "V6, " + TOLD_6})
    void objectsAreReadInTheirOrder(IpVersion version, String header) {
        List<IcmpExtension> read = read(sealed(message(header, 128, "2000 0000", OBJECTS), 136), version);

        assertThat(read)
                .containsExactly(
                        new IcmpExtension(1, 1, Hex.bytes("05dc1201 00010140")),
                        new IcmpExtension(2, 10, Hex.bytes("beef")));
        assertThat(read.get(0).mplsLabels())
                .containsExactly(new MplsLabel(24001, 1, false, 1), new MplsLabel(16, 0, true, 64));
        assertThat(read.get(1).mplsLabels()).isEmpty();
    }

    @Test
    void theLengthFieldSaysWhereTheyBegin() {
        byte[] message = sealed(message("0300 0000 0040 0000", 256, "2000 0000", OBJECTS), 264);

        assertThat(read(message, IpVersion.V4)).hasSize(2);
        message[5] = 0x20;
        assertThat(read(message, IpVersion.V4)).isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void aLengthFieldBelow128BytesIsNone(IpVersion version) {
        String header = version == IpVersion.V4 ? "0b00 0000 001f 0000" : "0300 0000 0f00 0000";
        int quote = version == IpVersion.V4 ? 124 : 120;

        assertThat(read(sealed(message(header, quote, "2000 0000", OBJECTS), 8 + quote), version))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0b00 0000 0001 0000", "0b00 0000 001f 0000", "0b00 0000 00ff 0000"})
    void anImpossibleLengthFieldIsNone(String header) {
        assertThat(read(sealed(message(header, 128, "2000 0000", OBJECTS), 136), IpVersion.V4))
                .hasSize(2);
        assertThat(read(message(header, 128, "2000 0000", OBJECTS), IpVersion.V4))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"0500", "0400", "0800", "0000"})
    void otherTypesHaveNone(String typeAndCode) {
        assertThat(read(sealed(message(typeAndCode + "0000 0020 0000", 128, "2000 0000", OBJECTS), 136), IpVersion.V4))
                .isEmpty();
    }

    @Test
    void packetTooBigHasNone() {
        assertThat(read(sealed(message("0200 0000 0000 0578", 128, "2000 0000", OBJECTS), 136), IpVersion.V6))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(strings = {"1000", "3000", "0000", "a000"})
    void anotherVersionIsNone(String version) {
        assertThat(read(sealed(message(TOLD_4, 128, version + "0000", OBJECTS), 136), IpVersion.V4))
                .isEmpty();
    }

    @Test
    void aWrongChecksumIsNone() {
        byte[] message = sealed(message(TOLD_4, 128, "2000 0000", OBJECTS), 136);
        message[message.length - 1] ^= 1;

        assertThat(read(message, IpVersion.V4)).isEmpty();
    }

    @Test
    void aChecksumOfZeroIsNoChecksumIfTheLengthIsTold() {
        assertThat(read(message(TOLD_4, 128, "2000 0000", OBJECTS), IpVersion.V4))
                .hasSize(2);
        assertThat(read(message(UNTOLD_4, 128, "2000 0000", OBJECTS), IpVersion.V4))
                .isEmpty();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0000 0101", // shorter than its header
                "0003 0101",
                "0009 0101 00010140", // longer than the message
                "ffff 0101 00010140",
                "0008 0101 00010140 00", // what remains is no header
                "0008 0101 00010140 0008 01"
            })
    void objectsThatDoNotFillTheMessageAreNone(String objects) {
        assertThat(read(sealed(message(TOLD_4, 128, "2000 0000", objects), 136), IpVersion.V4))
                .isEmpty();
    }

    @Test
    void aCutMessageHasNone() {
        byte[] message = sealed(message(TOLD_4, 128, "2000 0000", OBJECTS), 136);
        for (int length = 0; length < message.length; length++) {
            assertThat(IcmpExtensions.ofError(ByteBuffer.wrap(message, 0, length), 0, length, IpVersion.V4))
                    .as("length %d", length)
                    .isEmpty();
        }
    }

    @Test
    void moreObjectsThanTheBoundAreNone() {
        String most = "0004 0900".repeat(IcmpExtensions.MOST_OBJECTS);

        assertThat(read(sealed(message(TOLD_4, 128, "2000 0000", most), 136), IpVersion.V4))
                .hasSize(IcmpExtensions.MOST_OBJECTS);
        assertThat(read(sealed(message(TOLD_4, 128, "2000 0000", most + "0004 0900"), 136), IpVersion.V4))
                .isEmpty();
    }

    @ParameterizedTest
    @CsvSource({"V4, 11, 108", "V6, 3, 88"})
    void theErrorQueueDeliversThemWithoutTheIpHeader(IpVersion version, int type, int begin) {
        byte[] quote = sealed(Hex.bytes(Hex.zeros(begin), "2000 0000", OBJECTS), begin);
        ByteBuffer buffer = ByteBuffer.wrap(quote);

        assertThat(IcmpExtensions.ofQuote(buffer, 0, quote.length, version, type, begin))
                .hasSize(2);
        assertThat(IcmpExtensions.ofQuote(buffer, 0, quote.length, version, type, 0))
                .hasSize(2);
        assertThat(IcmpExtensions.ofQuote(buffer, 0, quote.length, version, type, begin + 4))
                .isEmpty();
        assertThat(IcmpExtensions.ofQuote(buffer, 0, quote.length, version, type, 0xffff))
                .isEmpty();
        assertThat(IcmpExtensions.ofQuote(buffer, 0, quote.length, version, 5, begin))
                .isEmpty();
    }

    @Test
    void anMplsObjectOfAnOddLengthHasNoLabels() {
        assertThat(new IcmpExtension(1, 1, new byte[6]).mplsLabels()).isEmpty();
        assertThat(new IcmpExtension(1, 2, new byte[4]).mplsLabels()).isEmpty();
        assertThat(new IcmpExtension(1, 1, new byte[0]).mplsLabels()).isEmpty();
    }
}
