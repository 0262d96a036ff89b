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

/** ICMPv4 errors byte by byte: 192.0.2.10 asked 198.51.100.247, a router answers. */
class QuotedEchoIpv4Test {
    private static final String TIME_EXCEEDED = "0b00 f4ff 00 00 0000";
    private static final String ADDRESSES = "c000020a c63364f7";
    /** A packet of 84 bytes, don't-fragment set. */
    private static final String IP = "4500 0054 1c46 4000 0101 b1e6" + ADDRESSES;

    private static final String ECHO = "0800 9a3b 1234 fffe";
    private static final String TOKEN = "80112233445566ff";
    private static final String DATA = TOKEN + "08090a0b0c0d0e0f 1011121314151617 18191a1b1c1d1e1f 2021222324252627"
            + "28292a2b2c2d2e2f 3031323334353637";
    /** RFC 4884, section 7: version 2, checksum, one MPLS label stack object (RFC 4950). */
    private static final String EXTENSION = "2000 a5c7 0008 0101 00010140";

    /** A record route option of 39 bytes and the end of the list: the most that IHL 15 allows. */
    private static final String FORTY_BYTES =
            "0727040000000000000000000000000000000000000000000000000000000000" + "0000000000000000";

    private final QuotedEcho quoted = new QuotedEcho();

    @ParameterizedTest
    @EnumSource
    void timeExceededWithAWholePacketGivesEveryField(BufferKind kind) {
        byte[] message = Hex.bytes(TIME_EXCEEDED, IP, ECHO, DATA);

        assertThat(quoted.decodeError(kind.holding(message, 3), 3, message.length, IpVersion.V4))
                .isTrue();

        assertThat(quoted.matched()).isTrue();
        assertThat(quoted.type()).isEqualTo(11);
        assertThat(quoted.code()).isZero();
        assertThat(quoted.nextHopMtu()).isZero();
        assertThat(quoted.pointer()).isEqualTo(QuotedEcho.ABSENT);
        assertThat(quoted.ipv4Destination()).isEqualTo(0xc63364f7);
        assertThat(quoted.identifier()).isEqualTo(0x1234);
        assertThat(quoted.sequence()).isEqualTo(0xfffe);
        assertThat(quoted.tokenPresent()).isTrue();
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @Test
    void theEightBytesOfRfc792AreEnoughButHoldNoToken() {
        assertThat(decode(TIME_EXCEEDED, IP, ECHO)).isTrue();

        assertThat(quoted.identifier()).isEqualTo(0x1234);
        assertThat(quoted.sequence()).isEqualTo(0xfffe);
        assertThat(quoted.ipv4Destination()).isEqualTo(0xc63364f7);
        assertThat(quoted.tokenPresent()).isFalse();
        assertThat(quoted.token()).isZero();
    }

    @Test
    void aTokenCutShortIsAbsent() {
        assertThat(decode(TIME_EXCEEDED, IP, ECHO, "80112233445566")).isTrue();

        assertThat(quoted.tokenPresent()).isFalse();
    }

    @Test
    void everyShorterQuoteIsNoMatch() {
        byte[] message = Hex.bytes(TIME_EXCEEDED, IP, ECHO);
        for (int length = 0; length < message.length; length++) {
            assertThat(quoted.decodeError(ByteBuffer.wrap(message, 0, length), 0, length, IpVersion.V4))
                    .as("length %d", length)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @CsvSource({"46, 01000000", "47, 94040000 01010100", "4f, " + FORTY_BYTES})
    void ipOptionsInTheQuoteAreSkipped(String first, String options) {
        assertThat(decode(TIME_EXCEEDED, first + IP.substring(2), options, ECHO, DATA))
                .isTrue();

        assertThat(quoted.ipv4Destination()).isEqualTo(0xc63364f7);
        assertThat(quoted.identifier()).isEqualTo(0x1234);
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @ParameterizedTest
    @CsvSource({"0578, 1400", "0000, 0", "ffff, 65535"})
    void fragmentationNeededStatesTheMtuOrZero(String field, int mtu) {
        assertThat(decode("0304 0000 0000", field, IP, ECHO, DATA)).isTrue();

        assertThat(quoted.type()).isEqualTo(3);
        assertThat(quoted.code()).isEqualTo(4);
        assertThat(quoted.nextHopMtu()).isEqualTo(mtu);
        assertThat(quoted.pointer()).isEqualTo(QuotedEcho.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"0301", "0b04", "0c04"})
    void theMtuFieldOfAnotherTypeOrCodeIsNotAnMtu(String typeAndCode) {
        assertThat(decode(typeAndCode, "0000 0000 0578", IP, ECHO, DATA)).isTrue();

        assertThat(quoted.nextHopMtu()).isZero();
    }

    @Test
    void aParameterProblemStatesItsPointer() {
        assertThat(decode("0c00 0000 94 00 0000", IP, ECHO, DATA)).isTrue();

        assertThat(quoted.type()).isEqualTo(12);
        assertThat(quoted.pointer()).isEqualTo(0x94);
    }

    @ParameterizedTest
    @CsvSource({"04, 00000000", "05, c0000201"})
    void sourceQuenchAndRedirectAreDecodedWithTheirType(String type, String rest) {
        assertThat(decode(type, "00 0000", rest, IP, ECHO, DATA)).isTrue();

        assertThat(quoted.type()).isEqualTo(Integer.parseInt(type, 16));
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @Test
    void aPaddedQuoteWithExtensionObjectsKeepsItsToken() {
        // Length: 32 words = 128 bytes, 84 of the packet and 44 of padding.
        assertThat(decode("0b00 0000 00 20 0000", IP, ECHO, DATA, Hex.zeros(44), EXTENSION))
                .isTrue();

        assertThat(quoted.tokenPresent()).isTrue();
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @ParameterizedTest
    @CsvSource({"001c, ''", "001d, 80", "0023, 80112233445566"})
    void thePaddingAfterAShortPayloadIsNotAToken(String totalLength, String data) {
        String ip = "4500" + totalLength + IP.replace(" ", "").substring(8);
        int padding = 128 - 28 - data.length() / 2;

        assertThat(decode("0b00 0000 00 20 0000", ip, ECHO, data, Hex.zeros(padding), EXTENSION))
                .isTrue();
        assertThat(quoted.sequence()).isEqualTo(0xfffe);
        assertThat(quoted.tokenPresent()).isFalse();

        // The same from a router that pads and appends but states no length.
        assertThat(decode(TIME_EXCEEDED, ip, ECHO, data, Hex.zeros(padding), EXTENSION))
                .isTrue();
        assertThat(quoted.tokenPresent()).isFalse();
    }

    @Test
    void zerosInPlaceOfTheTokenArePadding() {
        assertThat(decode("0b00 0000 00 20 0000", IP, ECHO, Hex.zeros(100), EXTENSION))
                .isTrue();

        assertThat(quoted.tokenPresent()).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"01", "07", "08"})
    void aStatedLengthThatEndsBeforeTheTokenHidesIt(String words) {
        for (String type : new String[] {"03", "0b", "0c"}) {
            assertThat(decode(type, "00 0000 00", words, "0000", IP, ECHO, DATA))
                    .isTrue();

            assertThat(quoted.identifier()).isEqualTo(0x1234);
            assertThat(quoted.tokenPresent()).as("type %s", type).isFalse();
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"0b00 0000 00 ff 0000", "0b00 0000 00 09 0000"})
    void aStatedLengthBeyondTheTokenShowsIt(String header) {
        assertThat(decode(header, IP, ECHO, TOKEN)).isTrue();

        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @Test
    void sourceQuenchHasNoLengthField() {
        assertThat(decode("0400 0000 00 01 0000", IP, ECHO, DATA)).isTrue();

        assertThat(quoted.tokenPresent()).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "0024, true", // exactly the token
        "0023, false", // seven data bytes
        "001c, false", // no data
        "001b, true", // less than the ICMP header: rewritten, says nothing
        "0000, true", // zeroed
        "5400, true", // byte-swapped
        "0040, true", // header length subtracted
        "0068, true", // header length added
        "0014, true" // header length subtracted from a packet of 40 bytes
    })
    void theStatedTotalLengthDecidesUnlessItIsImpossible(String totalLength, boolean present) {
        String ip = "4500" + totalLength + IP.replace(" ", "").substring(8);

        assertThat(decode(TIME_EXCEEDED, ip, ECHO, DATA)).isTrue();

        assertThat(quoted.tokenPresent()).isEqualTo(present);
    }

    @ParameterizedTest
    @CsvSource({"0000, true", "2000, true", "4000, true", "0040, true", "0001, false", "2001, false", "1fff, false"})
    void onlyWholePacketsAndFirstFragmentsHoldAnIcmpHeader(String field, boolean matches) {
        assertThat(decode(TIME_EXCEEDED, "4500 0054 1c46", field, "0101 b1e6", ADDRESSES, ECHO, DATA))
                .isEqualTo(matches);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "06", "11", "3a", "ff"})
    void aQuoteOfAnotherProtocolIsNoMatch(String protocol) {
        assertThat(decode(TIME_EXCEEDED, "4500 0054 1c46 4000 01", protocol, "b1e6", ADDRESSES, ECHO, DATA))
                .isFalse();
        assertThat(quoted.type()).isEqualTo(QuotedEcho.ABSENT);
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "03", "0d", "80", "ff"})
    void aQuoteOfAnotherIcmpTypeIsNoMatch(String type) {
        assertThat(decode(TIME_EXCEEDED, IP, type, ECHO.substring(2), DATA)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"65", "05", "44", "4f"})
    void aQuoteWithoutAValidIpv4HeaderIsNoMatch(String first) {
        assertThat(decode(TIME_EXCEEDED, first, IP.substring(2), ECHO)).isFalse();
    }

    @ParameterizedTest
    @ValueSource(strings = {"00", "01", "02", "08", "0d", "80", "81", "ff"})
    void whatIsNoErrorMessageIsNoMatch(String type) {
        assertThat(decode(type, TIME_EXCEEDED.substring(2), IP, ECHO, DATA)).isFalse();
    }

    @Test
    void aFailedDecodeLeavesNothingOfTheOneBefore() {
        assertThat(decode("0304 0000 0000 0578", IP, ECHO, DATA)).isTrue();
        assertThat(decode("0304 0000 0000 0578", IP, "0000")).isFalse();

        assertThat(quoted.matched()).isFalse();
        assertThat(quoted.type()).isEqualTo(QuotedEcho.ABSENT);
        assertThat(quoted.code()).isEqualTo(QuotedEcho.ABSENT);
        assertThat(quoted.nextHopMtu()).isZero();
        assertThat(quoted.ipv4Destination()).isZero();
        assertThat(quoted.identifier()).isZero();
        assertThat(quoted.sequence()).isZero();
        assertThat(quoted.tokenPresent()).isFalse();
        assertThat(quoted.token()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void theErrorQueueGivesTheRequestWithoutAnIpHeader(BufferKind kind) {
        byte[] data = Hex.bytes(ECHO, DATA);

        assertThat(quoted.decodeQuote(kind.holding(data, 1), 1, data.length, IpVersion.V4))
                .isTrue();

        assertThat(quoted.type()).isEqualTo(QuotedEcho.ABSENT);
        assertThat(quoted.code()).isEqualTo(QuotedEcho.ABSENT);
        assertThat(quoted.identifier()).isEqualTo(0x1234);
        assertThat(quoted.sequence()).isEqualTo(0xfffe);
        assertThat(quoted.token()).isEqualTo(0x80112233445566ffL);
    }

    @Test
    void theErrorQueueMayGiveLessOrPadding() {
        assertThat(decodeQuote(ECHO, TOKEN)).isTrue();
        assertThat(quoted.tokenPresent()).isTrue();
        assertThat(decodeQuote(ECHO)).isTrue();
        assertThat(quoted.tokenPresent()).isFalse();
        assertThat(decodeQuote(ECHO, "80112233445566")).isTrue();
        assertThat(quoted.tokenPresent()).isFalse();
        assertThat(decodeQuote(ECHO, Hex.zeros(100), EXTENSION)).isTrue();
        assertThat(quoted.tokenPresent()).isFalse();
        assertThat(decodeQuote("0000 9a3b 1234 fffe", DATA)).isFalse();
        assertThat(decodeQuote("8000 9a3b 1234 fffe", DATA)).isFalse();
        assertThat(decodeQuote("0800 9a3b 1234 ff")).isFalse();
        assertThat(decodeQuote("")).isFalse();
    }

    private boolean decode(String... parts) {
        byte[] message = Hex.bytes(parts);
        return quoted.decodeError(ByteBuffer.wrap(message), 0, message.length, IpVersion.V4);
    }

    private boolean decodeQuote(String... parts) {
        byte[] data = Hex.bytes(parts);
        return quoted.decodeQuote(ByteBuffer.wrap(data), 0, data.length, IpVersion.V4);
    }
}
