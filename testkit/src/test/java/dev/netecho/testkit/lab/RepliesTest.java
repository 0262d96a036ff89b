// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@LabTest
class RepliesTest {
    private static final int DATA = 56;

    private final Lab lab;
    private PacketSocket socket;

    RepliesTest(Lab lab) {
        this.lab = lab;
    }

    @BeforeEach
    void open() throws SocketException {
        lab.reset();
        socket = PacketSocket.open();
    }

    @AfterEach
    void close() {
        socket.close();
    }

    @ParameterizedTest
    @EnumSource
    void theAnswerAtOnceIsRightInEveryField(IpVersion version) {
        List<SeenPacket> seen = socket.exchange(version, LabPlan.AT_ONCE, 7);

        assertThat(seen).hasSize(1);
        assertRight(seen.get(0), version, LabPlan.AT_ONCE, 7);
        assertThat(seen.get(0).hopLimit()).isEqualTo(64);
    }

    @ParameterizedTest
    @EnumSource
    void silentUnassignedAndOwnAddressesNeverAnswer(IpVersion version) {
        byte[] unassigned = LabAddress.bytes(version, (79 << 8) | 1);

        assertThat(socket.exchange(version, LabPlan.SILENT, 1)).isEmpty();
        assertThat(socket.exchange(version, LabPlan.MANY_SILENT, 8_191)).isEmpty();
        assertThat(socket.exchange(version, LabPlan.OTHERS, 1)).isEmpty();
        assertThat(socket.exchange(version, LabPlan.HERE, 9)).isEmpty();
        assertThat(socket.exchange(
                        version,
                        15,
                        PacketSocket.request(version, unassigned, DATA).build()))
                .isEmpty();
    }

    @ParameterizedTest
    @EnumSource
    void delaysAreNeverShortAndKeepTheirOrder(IpVersion version) {
        SeenPacket delayed = only(socket.exchange(version, 26, request(version, LabPlan.DELAYED, 25)));
        SeenPacket many = only(socket.exchange(version, LabPlan.MANY_AT_20_MS, 65_535));
        SeenPacket others = only(socket.exchange(version, LabPlan.MANY_AT_50_MS, 16_383));
        SeenPacket late = only(socket.exchange(version, 151, request(version, LabPlan.LATE, 6)));

        assertThat(delayed.millis()).isGreaterThanOrEqualTo(100L);
        assertThat(many.millis()).isGreaterThanOrEqualTo(20L);
        assertThat(others.millis()).isGreaterThanOrEqualTo(50L);
        assertThat(late.millis()).isGreaterThanOrEqualTo(600L);
        assertRight(late, version, LabPlan.LATE, 6);
        assertRight(many, version, LabPlan.MANY_AT_20_MS, 65_535);
    }

    @ParameterizedTest
    @EnumSource
    void duplicatesAreTheAnswerAndDEqualCopies(IpVersion version) {
        List<SeenPacket> seen = socket.exchange(version, LabPlan.DUPLICATED, 3);

        assertThat(seen).hasSize(4);
        seen.forEach(packet -> assertRight(packet, version, LabPlan.DUPLICATED, 3));
    }

    @ParameterizedTest
    @EnumSource
    void everySecondAnswerOvertakesTheOneBefore(IpVersion version) {
        byte[] destination = PacketSocket.address(version, LabPlan.REORDERED, 1);
        byte[][] requests = new byte[4][];
        for (int i = 0; i < requests.length; i++) {
            requests[i] =
                    PacketSocket.request(version, destination, DATA).echo(1, i).build();
        }

        assertThat(socket.exchange(version, 15, requests))
                .extracting(SeenPacket::sequence)
                .containsExactly(1, 3, 0, 2);
    }

    @ParameterizedTest
    @EnumSource
    void lossFollowsTheBitsOfDAndRestartsAfterAReset(IpVersion version) {
        for (int round = 0; round < 2; round++) {
            assertThat(answered(version, LabPlan.LOST_BY_PATTERN, 0b1000_0110, 16))
                    .containsExactly(0, 3, 4, 5, 6, 8, 11, 12, 13, 14);
            lab.reset();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theFirstDRequestsAreLost(IpVersion version) {
        assertThat(answered(version, LabPlan.FIRST_LOST, 1, 4)).containsExactly(1, 2, 3);
        assertThat(answered(version, LabPlan.FIRST_LOST, 3, 5)).containsExactly(3, 4);
    }

    @ParameterizedTest
    @EnumSource
    void oneByteOfTheDataIsChangedUnderARightChecksum(IpVersion version) {
        SeenPacket seen = only(socket.exchange(version, LabPlan.ALTERED, 9));

        byte[] expected = data(DATA);
        expected[9] ^= 1;
        assertThat(seen.body()).isEqualTo(expected);
        assertThat(seen.isReply() && seen.checksumValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void dataIsShortenedToDBytes(IpVersion version) {
        SeenPacket seen = only(socket.exchange(version, LabPlan.SHORTENED, 10));

        assertThat(seen.body()).isEqualTo(data(10));
        assertThat(seen.isReply() && seen.checksumValid()).isTrue();
        assertThat(only(socket.exchange(version, LabPlan.SHORTENED, 200)).body())
                .isEqualTo(data(DATA));
    }

    @ParameterizedTest
    @EnumSource
    void dataIsLengthenedByDZeroBytes(IpVersion version) {
        SeenPacket seen = only(socket.exchange(version, LabPlan.LENGTHENED, 20));

        assertThat(seen.body()).isEqualTo(Arrays.copyOf(data(DATA), DATA + 20));
        assertThat(seen.isReply() && seen.checksumValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anotherIdentifierComesFirst(IpVersion version) {
        SeenPacket wrong = firstOfTwo(version, LabPlan.OTHER_IDENTIFIER_FIRST, 1);

        assertThat(wrong.identifier()).isNotEqualTo(PacketSocket.IDENTIFIER);
        assertThat(wrong.sequence()).isEqualTo(PacketSocket.SEQUENCE);
        assertThat(wrong.isReply() && wrong.checksumValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anotherSequenceNumberComesFirst(IpVersion version) {
        SeenPacket wrong = firstOfTwo(version, LabPlan.OTHER_SEQUENCE_FIRST, 1);

        assertThat(wrong.identifier()).isEqualTo(PacketSocket.IDENTIFIER);
        assertThat(wrong.sequence()).isNotEqualTo(PacketSocket.SEQUENCE);
        assertThat(wrong.isReply() && wrong.checksumValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anotherHostAnswersAloneOrFirst(IpVersion version) {
        SeenPacket alone = only(socket.exchange(version, LabPlan.OTHER_SOURCE, 4));
        SeenPacket first = firstOfTwo(version, LabPlan.OTHER_SOURCE_FIRST, 4);

        assertRight(alone, version, LabPlan.OTHERS, 4);
        assertRight(first, version, LabPlan.OTHERS, 4);
    }

    @ParameterizedTest
    @EnumSource
    void theChecksumIsWrongAndNothingElse(IpVersion version) {
        SeenPacket seen = only(socket.exchange(version, LabPlan.BAD_CHECKSUM, 1));

        assertThat(seen.checksumValid()).isFalse();
        assertThat(seen.isReply()).isTrue();
        assertThat(seen.body()).isEqualTo(data(DATA));
    }

    @ParameterizedTest
    @EnumSource
    void theCodeOfTheReplyIsD(IpVersion version) {
        SeenPacket seen = only(socket.exchange(version, LabPlan.CODE_SET, 1));

        assertThat(seen.type()).isEqualTo(version.echoReplyType());
        assertThat(seen.code()).isEqualTo(1);
        assertThat(seen.checksumValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aMessageOfFourBytesComesFirst(IpVersion version) {
        SeenPacket wrong = firstOfTwo(version, LabPlan.TRUNCATED_FIRST, 4);

        assertThat(wrong.icmpLength()).isEqualTo(4);
        assertThat(wrong.checksumValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anotherIcmpTypeComesFirst(IpVersion version) {
        SeenPacket wrong = firstOfTwo(version, LabPlan.OTHER_TYPE_FIRST, 14);

        assertThat(wrong.type()).isEqualTo(14);
        assertThat(wrong.identifier()).isEqualTo(PacketSocket.IDENTIFIER);
        assertThat(wrong.checksumValid()).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void theHopLimitOfTheReplyIsD(IpVersion version) {
        SeenPacket seen = only(socket.exchange(version, LabPlan.HOP_LIMIT_SET, 200));

        assertThat(seen.hopLimit()).isEqualTo(200);
        assertRight(seen, version, LabPlan.HOP_LIMIT_SET, 200);
    }

    @ParameterizedTest
    @EnumSource
    void inAStormTheLastReplyAloneIsRight(IpVersion version) {
        List<SeenPacket> seen = socket.exchange(version, LabPlan.STORM, 16);

        assertThat(seen).hasSize(8 * 16 + 1);
        for (SeenPacket bogus : seen.subList(0, 8 * 16)) {
            boolean believable = bogus.isReply()
                    && bogus.checksumValid()
                    && bogus.identifier() == PacketSocket.IDENTIFIER
                    && bogus.sequence() == PacketSocket.SEQUENCE
                    && Arrays.equals(bogus.source(), PacketSocket.address(version, LabPlan.STORM, 16));
            assertThat(believable).as("%s", bogus).isFalse();
        }
        assertRight(seen.get(8 * 16), version, LabPlan.STORM, 16);
    }

    @ParameterizedTest
    @EnumSource
    void heldBackAnswersComeAtOnceAndInOrder(IpVersion version) {
        byte[] destination = PacketSocket.address(version, LabPlan.HELD_BACK, 2);
        byte[][] requests = new byte[100][];
        for (int i = 0; i < requests.length; i++) {
            requests[i] =
                    PacketSocket.request(version, destination, DATA).echo(1, i).build();
        }

        List<SeenPacket> seen = socket.exchange(version, 75, requests);

        assertThat(seen).hasSize(100);
        for (int i = 0; i < 100; i++) {
            assertThat(seen.get(i).sequence()).isEqualTo(i);
        }
        assertThat(seen.get(0).millis()).isGreaterThanOrEqualTo(200L);
    }

    @ParameterizedTest
    @EnumSource
    void manyHostsAreHeldBackTogether(IpVersion version) {
        List<SeenPacket> seen = socket.exchange(
                version,
                255,
                request(version, LabPlan.MANY_HELD_BACK, 0),
                request(version, LabPlan.MANY_HELD_BACK, 4_095));

        assertThat(seen).hasSize(2);
        assertRight(seen.get(1), version, LabPlan.MANY_HELD_BACK, 4_095);
        assertThat(seen.get(0).millis()).isGreaterThanOrEqualTo(1_000L);
    }

    private List<Integer> answered(IpVersion version, LabPlan row, int d, int count) {
        List<byte[]> requests = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            requests.add(PacketSocket.request(version, PacketSocket.address(version, row, d), DATA)
                    .echo(1, i)
                    .build());
        }
        return socket.exchange(version, 15, requests.toArray(byte[][]::new)).stream()
                .map(SeenPacket::sequence)
                .toList();
    }

    /** The second is the right answer, 20 ms after the request. */
    private SeenPacket firstOfTwo(IpVersion version, LabPlan row, int d) {
        List<SeenPacket> seen = socket.exchange(version, row, d);
        assertThat(seen).hasSize(2);
        assertRight(seen.get(1), version, row, d);
        assertThat(seen.get(1).millis()).isGreaterThanOrEqualTo(20L);
        return seen.get(0);
    }

    private static byte[] request(IpVersion version, LabPlan row, int d) {
        return PacketSocket.request(version, PacketSocket.address(version, row, d), DATA)
                .build();
    }

    private static SeenPacket only(List<SeenPacket> seen) {
        assertThat(seen).hasSize(1);
        return seen.get(0);
    }

    private static byte[] data(int length) {
        byte[] data = new byte[length];
        for (int i = 0; i < length; i++) {
            data[i] = (byte) i;
        }
        return data;
    }

    private static void assertRight(SeenPacket packet, IpVersion version, LabPlan from, int d) {
        assertThat(packet.isReply()).isTrue();
        assertThat(packet.checksumValid()).isTrue();
        assertThat(packet.identifier()).isEqualTo(PacketSocket.IDENTIFIER);
        assertThat(packet.sequence()).isEqualTo(PacketSocket.SEQUENCE);
        assertThat(packet.source()).isEqualTo(PacketSocket.address(version, from, d));
        assertThat(packet.body()).isEqualTo(data(DATA));
    }
}
