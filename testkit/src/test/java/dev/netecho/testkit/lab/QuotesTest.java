// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import dev.netecho.packet.InternetChecksum;
import dev.netecho.packet.QuotedEcho;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LabTest
class QuotesTest {
    private PacketSocket socket;

    @BeforeEach
    void open() throws SocketException {
        socket = PacketSocket.open();
    }

    @AfterEach
    void close() {
        socket.close();
    }

    @ParameterizedTest
    @EnumSource
    void eightBytesOfIcmpAreQuotedAndNoMore(IpVersion version) {
        SeenPacket seen = only(version, LabPlan.QUOTE_CUT, 8);

        assertThat(seen.body()).hasSize(version.minimumHeaderLength() + 8);
        assertOurs(seen.quote());
        assertThat(seen.quote().tokenPresent()).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void aQuoteHasOptionsBetweenItsIpHeaderAndIcmp(IpVersion version) {
        int unit = version == IpVersion.V4 ? 4 : 8;
        for (int d = 1; d <= 10; d++) {
            SeenPacket seen = only(version, LabPlan.QUOTE_WITH_OPTIONS, d);
            assertThat(seen.body()).hasSize(version.minimumHeaderLength() + d * unit + 64);
            assertOurs(seen.quote());
            assertThat(seen.quote().tokenPresent()).isTrue();
            if (version == IpVersion.V4) {
                assertThat(InternetChecksum.isValid(ByteBuffer.wrap(seen.body()), 0, 20 + d * unit))
                        .isTrue();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void anotherIdentifierIsQuotedBeforeTheAnswer(IpVersion version) {
        QuotedEcho quote = misquoteOf(version, LabPlan.QUOTE_OTHER_IDENTIFIER, 1);

        assertThat(quote.identifier()).isNotEqualTo(PacketSocket.IDENTIFIER);
        assertThat(quote.sequence()).isEqualTo(PacketSocket.SEQUENCE);
    }

    @ParameterizedTest
    @EnumSource
    void anUnsentSequenceNumberIsQuotedBeforeTheAnswer(IpVersion version) {
        QuotedEcho quote = misquoteOf(version, LabPlan.QUOTE_OTHER_SEQUENCE, 1);

        assertThat(quote.identifier()).isEqualTo(PacketSocket.IDENTIFIER);
        assertThat(quote.sequence()).isNotEqualTo(PacketSocket.SEQUENCE);
    }

    @ParameterizedTest
    @EnumSource
    void anotherDestinationIsQuotedBeforeTheAnswer(IpVersion version) {
        QuotedEcho quote = misquoteOf(version, LabPlan.QUOTE_OTHER_DESTINATION, 6);

        assertOurs(quote);
        ByteBuffer other = ByteBuffer.wrap(PacketSocket.address(version, LabPlan.OTHERS, 6));
        if (version == IpVersion.V4) {
            assertThat(quote.ipv4Destination()).isEqualTo(other.getInt(0));
        } else {
            assertThat(quote.ipv6DestinationHigh()).isEqualTo(other.getLong(0));
            assertThat(quote.ipv6DestinationLow()).isEqualTo(other.getLong(8));
        }
    }

    @ParameterizedTest
    @EnumSource
    void anMplsExtensionFollows128BytesOfQuote(IpVersion version) {
        SeenPacket seen = only(version, LabPlan.QUOTE_EXTENDED, 3);

        assertExtension(seen);
        int units = version == IpVersion.V4 ? ((seen.rest() >>> 16) & 0xff) * 4 : (seen.rest() >>> 24) * 8;
        assertThat(units).isEqualTo(128);
    }

    @ParameterizedTest
    @EnumSource
    void anOldRouterDoesNotTellWhereTheExtensionIs(IpVersion version) {
        SeenPacket seen = only(version, LabPlan.QUOTE_EXTENDED_UNTOLD, 3);

        assertExtension(seen);
        assertThat(seen.rest()).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aLongRequestIsQuotedAsFarAsAnErrorMayBeLong(IpVersion version) {
        byte[] request = PacketSocket.request(version, PacketSocket.address(version, LabPlan.UNREACHABLE, 1), 1_400)
                .build();

        List<SeenPacket> seen = socket.exchange(version, 5, request);

        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).packet()).hasSize(version == IpVersion.V4 ? 576 : 1_280);
        assertOurs(seen.get(0).quote());
    }

    private static void assertExtension(SeenPacket seen) {
        RouterErrorsTest.assertError(seen, seen.version() == IpVersion.V4 ? 11 : 3, 0, LabPlan.ROUTERS, 1);
        ByteBuffer extension = ByteBuffer.wrap(Arrays.copyOfRange(seen.body(), 128, seen.body().length));
        assertThat(extension.capacity()).isEqualTo(4 + 4 + 3 * 4);
        assertThat(extension.get(0)).isEqualTo((byte) 0x20);
        assertThat(InternetChecksum.isValid(extension, 0, extension.capacity())).isTrue();
        assertThat(extension.getShort(4)).isEqualTo((short) 16);
        assertThat(extension.getShort(6)).isEqualTo((short) 0x0101);
        assertThat(extension.getInt(16) >>> 12).isEqualTo(3);
    }

    private QuotedEcho misquoteOf(IpVersion version, LabPlan row, int d) {
        List<SeenPacket> seen = socket.exchange(version, row, d);
        assertThat(seen).hasSize(2);
        assertThat(seen.get(1).isReply()).isTrue();
        assertThat(seen.get(1).sequence()).isEqualTo(PacketSocket.SEQUENCE);
        assertThat(seen.get(0).checksumValid()).isTrue();
        QuotedEcho quote = seen.get(0).quote();
        assertThat(quote.matched()).isTrue();
        return quote;
    }

    private SeenPacket only(IpVersion version, LabPlan row, int d) {
        List<SeenPacket> seen = socket.exchange(version, row, d);
        assertThat(seen).hasSize(1);
        assertThat(seen.get(0).checksumValid()).isTrue();
        return seen.get(0);
    }

    private static void assertOurs(QuotedEcho quote) {
        assertThat(quote.matched()).isTrue();
        assertThat(quote.identifier()).isEqualTo(PacketSocket.IDENTIFIER);
        assertThat(quote.sequence()).isEqualTo(PacketSocket.SEQUENCE);
    }
}
