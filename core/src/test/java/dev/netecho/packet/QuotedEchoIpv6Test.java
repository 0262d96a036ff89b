// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** ICMPv6 errors byte by byte: 2001:db8::1 asked 2001:db8:ff::80:f7, a router answers. */
class QuotedEchoIpv6Test {
    private static final String TIME_EXCEEDED = "0300 5e1d 00000000";
    private static final String ADDRESSES = "20010db8000000000000000000000001 20010db800ff0000000000000080fff7";
    /** Payload length 64. */
    private static final String IP = "600d89ab 0040 3a 01" + ADDRESSES;

    private static final String ECHO = "8000 9a3b 8234 0001";
    private static final String TOKEN = "80112233445566ff";
    private static final String DATA = TOKEN + "08090a0b0c0d0e0f 1011121314151617 18191a1b1c1d1e1f 2021222324252627"
            + "28292a2b2c2d2e2f 3031323334353637";

    private static final String EXTENSION = "2000 a5c7 0008 0101 00010140";

    private final QuotedEcho quoted = new QuotedEcho();

    @ParameterizedTest
    @EnumSource
    void timeExceededWithAWholePacketGivesEveryField(BufferKind kind) {
        byte[] message = Hex.bytes(TIME_EXCEEDED, IP, ECHO, DATA);

        assertThat(quoted.decodeError(kind.holding(message, 3), 3, message.length, IpVersion.V6))
                .isTrue();

        assertThat(quoted.matched()).isTrue();
        assertThat(quoted.type()).isEqualTo(3);
        assertThat(quoted.code()).isZero();
        assertThat(quoted.nextHopMtu()).isZero();
        assertThat(quoted.pointer()).isEqualTo(QuotedEcho.ABSENT);
        assertThat(quoted.ipv6DestinationHigh()).isEqualTo(0x20010db800ff0000L);
        assertThat(quoted.ipv6DestinationLow()).isEqualTo(0x000000000080fff7L);
        assertThat(quoted.ipv4Destination()).isZero();
        assertThat(quoted.identifier()).isEqualTo(0x8234);
        assertThat(quoted.sequence()).isEqualTo(1);
        assertThat(quoted.tokenPresent()).isTrue();
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @Test
    void everyQuoteShortOfTheEchoHeaderIsNoMatch() {
        byte[] message = Hex.bytes(TIME_EXCEEDED, IP, ECHO);
        for (int length = 0; length < message.length; length++) {
            assertThat(quoted.decodeError(ByteBuffer.wrap(message, 0, length), 0, length, IpVersion.V6))
                    .as("length %d", length)
                    .isFalse();
        }
        assertThat(decode(TIME_EXCEEDED, IP, ECHO)).isTrue();
        assertThat(quoted.tokenPresent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({
        "0200, 00000578, 1400",
        "0200, 00000000, 0",
        "0201, 00000500, 1280",
        "0200, 00000001, 1",
        "0200, 7fffffff, 2147483647",
        "0200, 80000000, 0",
        "0200, ffffffff, 0"
    })
    void packetTooBigStatesTheMtuWhateverItsCode(String typeAndCode, String field, int mtu) {
        assertThat(decode(typeAndCode, "0000", field, IP, ECHO, DATA)).isTrue();

        assertThat(quoted.type()).isEqualTo(2);
        assertThat(quoted.nextHopMtu()).isEqualTo(mtu);
        assertThat(quoted.tokenPresent()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"0400, 00000028, 40", "0401, ffffffff, 4294967295"})
    void aParameterProblemStatesItsPointer(String typeAndCode, String field, long pointer) {
        assertThat(decode(typeAndCode, "0000", field, IP, ECHO, DATA)).isTrue();

        assertThat(quoted.pointer()).isEqualTo(pointer);
        assertThat(quoted.nextHopMtu()).isZero();
        assertThat(quoted.tokenPresent()).isTrue();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3, 4, 5, 6, 7})
    void destinationUnreachableKeepsItsCode(int code) {
        assertThat(decode("010", Integer.toString(code), "0000 00000000", IP, ECHO, DATA))
                .isTrue();

        assertThat(quoted.type()).isEqualTo(1);
        assertThat(quoted.code()).isEqualTo(code);
    }

    @ParameterizedTest
    @CsvSource({
        "00, 3a00 0104 00000000", // hop-by-hop
        "3c, 3a01 0104 00000000 0000000000000000", // destination options, 16 bytes
        "2b, 3a00 0400 00000000", // routing
        "2c, 3a00 0001 12345678", // first fragment, more to come
        "00, 3c00 0104 00000000 2b00 0104 00000000 2c00 0400 00000000 3c00 0000 12345678 3a00 0104 00000000"
    })
    void extensionHeadersInTheQuoteAreSkipped(String nextHeader, String extensions) {
        assertThat(decode(TIME_EXCEEDED, "600d89ab 0080", nextHeader, "01", ADDRESSES, extensions, ECHO, DATA))
                .isTrue();

        assertThat(quoted.ipv6DestinationLow()).isEqualTo(0x000000000080fff7L);
        assertThat(quoted.identifier()).isEqualTo(0x8234);
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @ParameterizedTest
    @CsvSource({
        "2c, 3a00 0008 12345678", // second fragment
        "2c, 3a00 fff8 12345678", // last fragment
        "00, 0600 0104 00000000", // TCP behind hop-by-hop
        "33, 3a00 0104 00000000", // authentication header: its length has another unit
        "3b, 3a00 0104 00000000", // no next header
        "00, 3a08 0104 00000000", // a chain that ends where the message does
        "00, 3a09 0104 00000000", // one that ends beyond it
        "00, 3aff 0104 00000000"
    })
    void noMatchAfterAnUnknownHeader(String nextHeader, String extensions) {
        assertThat(decode(TIME_EXCEEDED, "600d89ab 0080", nextHeader, "01", ADDRESSES, extensions, ECHO, DATA))
                .isFalse();
    }

    @ParameterizedTest
    @CsvSource({"7, true", "8, true", "9, false"})
    void theChainOfExtensionHeadersIsBounded(int headers, boolean matches) {
        String chain = "3c00 0104 00000000".repeat(headers - 1) + "3a00 0104 00000000";

        assertThat(decode(TIME_EXCEEDED, "600d89ab 0100 3c 01", ADDRESSES, chain, ECHO, DATA))
                .isEqualTo(matches);
    }

    @Test
    void aChainCutAnywhereIsNoMatch() {
        byte[] message = Hex.bytes(
                TIME_EXCEEDED,
                "600d89ab 0080 00 01",
                ADDRESSES,
                "3c00 0104 00000000 2c00 0104 00000000",
                "3a00 0001 12345678",
                ECHO);
        for (int length = 0; length < message.length; length++) {
            assertThat(quoted.decodeError(ByteBuffer.wrap(message, 0, length), 0, length, IpVersion.V6))
                    .as("length %d", length)
                    .isFalse();
        }
        assertThat(quoted.decodeError(ByteBuffer.wrap(message), 0, message.length, IpVersion.V6))
                .isTrue();
    }

    @Test
    void aPaddedQuoteWithExtensionObjectsKeepsItsToken() {
        // Length: 16 words of 8 = 128 bytes, 104 of the packet and 24 of padding.
        assertThat(decode("0100 0000 10 000000", IP, ECHO, DATA, Hex.zeros(24), EXTENSION))
                .isTrue();

        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0100 0000 10 000000", "0300 0000 10 000000", "0300 0000 00000000", "0200 0000 00000578"})
    void thePaddingAfterAShortPayloadIsNotAToken(String header) {
        assertThat(decode(header, "600d89ab 000c 3a 01", ADDRESSES, ECHO, "00010203", Hex.zeros(76), EXTENSION))
                .isTrue();

        assertThat(quoted.sequence()).isEqualTo(1);
        assertThat(quoted.tokenPresent()).isFalse();
    }

    @ParameterizedTest
    @CsvSource({"0100 0000 06 000000, false", "0300 0000 06 000000, false", "0300 0000 07 000000, true"})
    void theStatedLengthIsInUnitsOfEightBytes(String header, boolean present) {
        assertThat(decode(header, IP, ECHO, DATA)).isTrue();

        assertThat(quoted.tokenPresent()).isEqualTo(present);
    }

    @ParameterizedTest
    @CsvSource({"0010, true", "000f, false", "0008, false", "0007, true", "0000, true", "4000, true"})
    void theStatedPayloadLengthDecidesUnlessItIsImpossible(String payloadLength, boolean present) {
        assertThat(decode(TIME_EXCEEDED, "600d89ab", payloadLength, "3a 01", ADDRESSES, ECHO, DATA))
                .isTrue();

        assertThat(quoted.tokenPresent()).isEqualTo(present);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "05", "64", "7f"})
    void anErrorOfUnknownTypeQuotesAsOthersDo(String type) {
        assertThat(decode(type, TIME_EXCEEDED.substring(2), IP, ECHO, DATA)).isTrue();
        assertThat(quoted.type()).isEqualTo(Integer.parseInt(type, 16));
        assertThat(quoted.nextHopMtu()).isZero();
        assertThat(quoted.pointer()).isEqualTo(QuotedEcho.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"80", "81", "89", "ff"})
    void whatIsNoErrorMessageIsNoMatch(String type) {
        assertThat(decode(type, TIME_EXCEEDED.substring(2), IP, ECHO, DATA)).isFalse();
    }

    @Test
    void aQuoteOfAnotherVersionOrTypeDoesNotMatch() {
        assertThat(decode(TIME_EXCEEDED, "4", IP.substring(1), ECHO, DATA)).isFalse();
        assertThat(decode(TIME_EXCEEDED, IP, "8100 9a3b 8234 0001", DATA)).isFalse();
        assertThat(decode(TIME_EXCEEDED, IP, "0800 9a3b 8234 0001", DATA)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void theErrorQueueGivesTheRequestWithoutAnIpHeader(BufferKind kind) {
        byte[] data = Hex.bytes(ECHO, TOKEN);

        assertThat(quoted.decodeQuote(kind.holding(data, 1), 1, data.length, IpVersion.V6))
                .isTrue();
        assertThat(quoted.identifier()).isEqualTo(0x8234);
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
        assertThat(quoted.decodeQuote(kind.holding(data, 1), 1, data.length, IpVersion.V4))
                .isFalse();
        assertThat(quoted.tokenPresent()).isFalse();
    }

    private boolean decode(String... parts) {
        byte[] message = Hex.bytes(parts);
        return quoted.decodeError(ByteBuffer.wrap(message), 0, message.length, IpVersion.V6);
    }
}
