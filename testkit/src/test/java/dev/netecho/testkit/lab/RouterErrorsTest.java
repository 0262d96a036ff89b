// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import dev.netecho.packet.QuotedEcho;
import dev.netecho.testkit.wire.PacketBuilder;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LabTest
class RouterErrorsTest {
    private static final int V4_DONT_FRAGMENT = 0x40;

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
    void aRouterSendsEveryCodeOfUnreachable(IpVersion version) {
        for (int code = 0; code <= 16; code++) {
            assertError(only(version, LabPlan.UNREACHABLE, code), type(version, 3, 1), code, LabPlan.ROUTERS, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void timeIsExceededWithEitherCode(IpVersion version) {
        for (int code = 0; code <= 1; code++) {
            assertError(only(version, LabPlan.TIME_EXCEEDED, code), type(version, 11, 3), code, LabPlan.ROUTERS, 1);
        }
    }

    @ParameterizedTest
    @EnumSource
    void aParameterProblemPointsAfterTheFixedHeader(IpVersion version) {
        for (int code = 0; code <= 2; code++) {
            SeenPacket seen = only(version, LabPlan.PARAMETER_PROBLEM, code);
            assertError(seen, type(version, 12, 4), code, LabPlan.ROUTERS, 1);
            assertThat(seen.quote().pointer()).isEqualTo(version.minimumHeaderLength());
        }
    }

    @ParameterizedTest
    @EnumSource
    void sevenHopsAwayTheRouterAtTheHopLimitAnswers(IpVersion version) {
        for (int hopLimit = 1; hopLimit <= 8; hopLimit++) {
            byte[] request = request(version, LabPlan.HOPS_AWAY, 7, 56)
                    .hopLimit(hopLimit)
                    .build();
            List<SeenPacket> seen = socket.exchange(version, 5, request);
            assertThat(seen).as("hop limit %d", hopLimit).hasSize(1);
            if (hopLimit < 7) {
                assertError(seen.get(0), type(version, 11, 3), 0, LabPlan.ROUTERS, hopLimit);
            } else {
                assertReply(seen.get(0), version, LabPlan.HOPS_AWAY, 7);
                assertThat(seen.get(0).hopLimit()).isEqualTo(249);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aNarrowLinkRefusesWhatIsLargerAndNamesItsMtu(IpVersion version) {
        int header = version.minimumHeaderLength() + 8;
        byte[] fits = dontFragment(request(version, LabPlan.NARROW, 140, 1_400 - header));
        byte[] tooBig = dontFragment(request(version, LabPlan.NARROW, 140, 1_401 - header));

        assertReply(only(socket.exchange(version, 5, fits)), version, LabPlan.NARROW, 140);
        SeenPacket error = only(socket.exchange(version, 5, tooBig));
        assertError(error, type(version, 3, 2), type(version, 4, 0), LabPlan.ROUTERS, 1);
        assertThat(error.quote().nextHopMtu()).isEqualTo(1_400);
    }

    @Test
    void aNarrowLinkLetsALargeIpv4PacketPassInFragments() {
        byte[] large = request(IpVersion.V4, LabPlan.NARROW, 140, 1_450).build();

        assertReply(only(socket.exchange(IpVersion.V4, 5, large)), IpVersion.V4, LabPlan.NARROW, 140);
    }

    @ParameterizedTest
    @EnumSource
    void tooBigComesForASmallPacketWithAndWithoutMtu(IpVersion version) {
        SeenPacket told = only(version, LabPlan.TOO_BIG, 140);
        SeenPacket untold = only(version, LabPlan.TOO_BIG, 0);

        assertError(told, type(version, 3, 2), type(version, 4, 0), LabPlan.ROUTERS, 1);
        assertThat(told.quote().nextHopMtu()).isEqualTo(1_400);
        assertThat(untold.quote().nextHopMtu()).isZero();
    }

    @Test
    void sourceQuenchComesBeforeTheAnswer() {
        List<SeenPacket> seen = socket.exchange(IpVersion.V4, LabPlan.SOURCE_QUENCH, 0);

        assertThat(seen).hasSize(2);
        assertError(seen.get(0), 4, 0, LabPlan.ROUTERS, 1);
        assertLaterReply(seen.get(1), IpVersion.V4, LabPlan.SOURCE_QUENCH, 0);
    }

    @Test
    void ipv6KnowsNoSourceQuench() {
        SeenPacket seen = only(IpVersion.V6, LabPlan.SOURCE_QUENCH, 0);

        assertLaterReply(seen, IpVersion.V6, LabPlan.SOURCE_QUENCH, 0);
    }

    @Test
    void aRedirectOfIpv4NamesTheSecondRouterAsGateway() {
        List<SeenPacket> seen = socket.exchange(IpVersion.V4, LabPlan.REDIRECT, 1);

        assertThat(seen).hasSize(2);
        assertError(seen.get(0), 5, 1, LabPlan.ROUTERS, 1);
        assertThat(ByteBuffer.allocate(4).putInt(seen.get(0).rest()).array())
                .isEqualTo(LabPlan.ROUTERS.ipv4(2).getAddress());
        assertLaterReply(seen.get(1), IpVersion.V4, LabPlan.REDIRECT, 1);
    }

    @Test
    void anIpv6RedirectComesFromALinkLocalAddress() {
        List<SeenPacket> seen = socket.exchange(IpVersion.V6, LabPlan.REDIRECT, 1);

        assertThat(seen).hasSize(2);
        SeenPacket redirect = seen.get(0);
        assertThat(redirect.type()).isEqualTo(137);
        assertThat(redirect.hopLimit()).isEqualTo(255);
        assertThat(redirect.checksumValid()).isTrue();
        byte[] body = redirect.body();
        byte[] destination = PacketSocket.address(IpVersion.V6, LabPlan.REDIRECT, 1);
        assertThat(Arrays.copyOfRange(body, 0, 16)).isEqualTo(redirect.source()).startsWith(0xfe, 0x80);
        assertThat(Arrays.copyOfRange(body, 16, 32)).isEqualTo(destination);
        assertThat(body[32]).isEqualTo((byte) 4);
        assertThat(body[33] * 8).isEqualTo(body.length - 32);
        byte[] quoted = request(IpVersion.V6, LabPlan.REDIRECT, 1, 56).build();
        assertThat(Arrays.copyOfRange(body, 40, 40 + quoted.length)).isEqualTo(quoted);
        assertLaterReply(seen.get(1), IpVersion.V6, LabPlan.REDIRECT, 1);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorComesDelayedLateOrFromAnotherHost(IpVersion version) {
        int code = type(version, 1, 3);
        SeenPacket delayed = only(version, LabPlan.UNREACHABLE_DELAYED, 5);
        SeenPacket late = only(socket.exchange(
                version, 75, request(version, LabPlan.UNREACHABLE_LATE, 2, 56).build()));
        SeenPacket other = only(version, LabPlan.UNREACHABLE_BY_OTHER, 9);

        assertError(delayed, type(version, 3, 1), code, LabPlan.ROUTERS, 1);
        assertThat(delayed.millis()).isGreaterThanOrEqualTo(20L);
        assertError(late, type(version, 3, 1), code, LabPlan.ROUTERS, 1);
        assertThat(late.millis()).isGreaterThanOrEqualTo(200L);
        assertError(other, type(version, 3, 1), code, LabPlan.OTHERS, 9);
        assertError(only(version, LabPlan.MANY_UNREACHABLE, 4_095), type(version, 3, 1), code, LabPlan.ROUTERS, 1);
    }

    @ParameterizedTest
    @EnumSource
    void anErrorAndTheReplyComeInEitherOrder(IpVersion version) {
        List<SeenPacket> errorFirst = socket.exchange(version, LabPlan.ERROR_THEN_REPLY, 1);
        List<SeenPacket> replyFirst = socket.exchange(version, LabPlan.REPLY_THEN_ERROR, 1);

        assertThat(errorFirst).hasSize(2);
        assertError(errorFirst.get(0), type(version, 3, 1), type(version, 1, 3), LabPlan.ROUTERS, 1);
        assertLaterReply(errorFirst.get(1), version, LabPlan.ERROR_THEN_REPLY, 1);
        assertThat(replyFirst).hasSize(2);
        assertReply(replyFirst.get(0), version, LabPlan.REPLY_THEN_ERROR, 1);
        assertError(replyFirst.get(1), type(version, 3, 1), type(version, 1, 3), LabPlan.ROUTERS, 1);
    }

    @ParameterizedTest
    @EnumSource
    void twoErrorsComeFromTwoRouters(IpVersion version) {
        List<SeenPacket> seen = socket.exchange(version, LabPlan.TWO_ERRORS, 1);

        assertThat(seen).hasSize(2);
        assertError(seen.get(0), type(version, 3, 1), type(version, 1, 3), LabPlan.ROUTERS, 1);
        assertError(seen.get(1), type(version, 3, 1), type(version, 3, 4), LabPlan.ROUTERS, 2);
    }

    private SeenPacket only(IpVersion version, LabPlan row, int d) {
        return only(socket.exchange(version, row, d));
    }

    private static SeenPacket only(List<SeenPacket> seen) {
        assertThat(seen).hasSize(1);
        return seen.get(0);
    }

    private static PacketBuilder request(IpVersion version, LabPlan row, int d, int dataLength) {
        return PacketSocket.request(version, PacketSocket.address(version, row, d), dataLength);
    }

    private static byte[] dontFragment(PacketBuilder request) {
        byte[] packet = request.build();
        if (packet[0] >> 4 == 4) {
            packet[6] |= V4_DONT_FRAGMENT;
        }
        return packet;
    }

    private static int type(IpVersion version, int ipv4, int ipv6) {
        return version == IpVersion.V4 ? ipv4 : ipv6;
    }

    /** An error of that kind from that host, quoting the request and its first eight data bytes. */
    static void assertError(SeenPacket seen, int type, int code, LabPlan from, int d) {
        assertThat(seen.type()).isEqualTo(type);
        assertThat(seen.code()).isEqualTo(code);
        assertThat(seen.checksumValid()).isTrue();
        assertThat(seen.source()).isEqualTo(PacketSocket.address(seen.version(), from, d));
        QuotedEcho quote = seen.quote();
        assertThat(quote.matched()).isTrue();
        assertThat(quote.identifier()).isEqualTo(PacketSocket.IDENTIFIER);
        assertThat(quote.sequence()).isEqualTo(PacketSocket.SEQUENCE);
        assertThat(quote.token()).isEqualTo(0x0001_0203_0405_0607L);
    }

    private static void assertLaterReply(SeenPacket seen, IpVersion version, LabPlan row, int d) {
        assertReply(seen, version, row, d);
        assertThat(seen.millis()).isGreaterThanOrEqualTo(20L);
    }

    private static void assertReply(SeenPacket seen, IpVersion version, LabPlan row, int d) {
        assertThat(seen.isReply() && seen.checksumValid()).isTrue();
        assertThat(seen.source()).isEqualTo(PacketSocket.address(version, row, d));
        assertThat(seen.sequence()).isEqualTo(PacketSocket.SEQUENCE);
    }
}
