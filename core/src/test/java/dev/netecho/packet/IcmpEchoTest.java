// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.netecho.IpVersion;
import java.nio.ByteBuffer;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class IcmpEchoTest {
    @ParameterizedTest
    @EnumSource
    void anIpv4RequestIsTheBytesOfRfc792(BufferKind kind) {
        ByteBuffer buffer = kind.holding(Hex.bytes("ffff ffff ffff ffff", "00 01 02 80 ff"), 3);

        IcmpEcho.putRequest(buffer, 3, IpVersion.V4, 0xabcd, 0xff01);
        assertThat(bytes(buffer, 3)).isEqualTo(Hex.bytes("0800 0000 abcd ff01", "00 01 02 80 ff"));

        IcmpEcho.putChecksum(buffer, 3, 13);
        // 0800 + abcd + ff01 + 0001 + 0280 + ff00 = 2b44f, folded b451, complement 4bae
        assertThat(bytes(buffer, 3)).isEqualTo(Hex.bytes("0800 4bae abcd ff01", "00 01 02 80 ff"));
        assertThat(IcmpEcho.checksum(buffer, 3)).isEqualTo(0x4bae);
        assertThat(InternetChecksum.isValid(buffer, 3, 13)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void anIpv6RequestIsTheBytesOfRfc4443(BufferKind kind) {
        ByteBuffer buffer = kind.holding(Hex.bytes("ffff ffff ffff ffff"), 5);

        IcmpEcho.putRequest(buffer, 5, IpVersion.V6, 0x8001, 2);

        assertThat(bytes(buffer, 5)).isEqualTo(Hex.bytes("8000 0000 8001 0002"));
    }

    @ParameterizedTest
    @EnumSource
    void onlyTheLowSixteenBitsAreSent(BufferKind kind) {
        ByteBuffer buffer = kind.allocate(8);

        IcmpEcho.putRequest(buffer, 0, IpVersion.V4, -1, 0x1_0003);

        assertThat(bytes(buffer, 0)).isEqualTo(Hex.bytes("0800 0000 ffff 0003"));
    }

    @ParameterizedTest
    @EnumSource
    void whatWasPutIsWhatIsRead(BufferKind kind) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            int identifier = random.nextInt(0x1_0000);
            int sequence = random.nextInt(0x1_0000);
            int offset = random.nextInt(9);
            IpVersion version = random.nextBoolean() ? IpVersion.V4 : IpVersion.V6;
            ByteBuffer buffer = kind.allocate(offset + 8);

            IcmpEcho.putRequest(buffer, offset, version, identifier, sequence);

            String as = "seed " + seed + ", round " + round;
            assertThat(IcmpEcho.type(buffer, offset)).as(as).isEqualTo(version.echoRequestType());
            assertThat(IcmpEcho.code(buffer, offset)).as(as).isZero();
            assertThat(IcmpEcho.checksum(buffer, offset)).as(as).isZero();
            assertThat(IcmpEcho.identifier(buffer, offset)).as(as).isEqualTo(identifier);
            assertThat(IcmpEcho.sequence(buffer, offset)).as(as).isEqualTo(sequence);
            assertThat(IcmpEcho.isReply(buffer, offset, 8, version)).as(as).isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void aReplyHasTheTypeOfItsVersionAndCodeZero(BufferKind kind) {
        byte[] v4 = Hex.bytes("0000 1234 0001 0002");
        byte[] v6 = Hex.bytes("8100 1234 0001 0002");

        assertThat(IcmpEcho.isReply(kind.holding(v4, 1), 1, 8, IpVersion.V4)).isTrue();
        assertThat(IcmpEcho.isReply(kind.holding(v4, 1), 1, 8, IpVersion.V6)).isFalse();
        assertThat(IcmpEcho.isReply(kind.holding(v6, 1), 1, 8, IpVersion.V6)).isTrue();
        assertThat(IcmpEcho.isReply(kind.holding(v6, 1), 1, 8, IpVersion.V4)).isFalse();
        assertThat(IcmpEcho.isReply(kind.holding(Hex.bytes("0001 1234 0001 0002"), 0), 0, 8, IpVersion.V4))
                .isFalse();
        assertThat(IcmpEcho.isReply(kind.holding(Hex.bytes("8180 1234 0001 0002"), 0), 0, 8, IpVersion.V6))
                .isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void lessThanAHeaderIsNotAReply(IpVersion version) {
        byte[] reply = Hex.bytes(version == IpVersion.V4 ? "0000 0000 0001 00" : "8100 0000 0001 00");
        for (int length = 0; length < 8; length++) {
            ByteBuffer buffer = ByteBuffer.wrap(reply, 0, length);

            assertThat(IcmpEcho.isReply(buffer, 0, length, version))
                    .as("length %d", length)
                    .isFalse();
        }
    }

    @Test
    void positionLimitAndOrderOfTheBufferStayAsTheyWere() {
        ByteBuffer buffer =
                BufferKind.DIRECT_LITTLE_ENDIAN.allocate(40).position(7).limit(33);
        ByteBuffer before = buffer.duplicate().order(buffer.order());

        IcmpEcho.putRequest(buffer, 8, IpVersion.V4, 1, 2);
        DefaultPayload.put(buffer, 16, 16, 3);
        IcmpEcho.putChecksum(buffer, 8, 24);

        assertThat(InternetChecksum.isValid(buffer, 8, 24)).isTrue();
        assertThat(buffer.position()).isEqualTo(before.position());
        assertThat(buffer.limit()).isEqualTo(before.limit());
        assertThat(buffer.order()).isEqualTo(before.order());
    }

    private static byte[] bytes(ByteBuffer buffer, int from) {
        byte[] bytes = new byte[buffer.capacity() - from];
        buffer.get(from, bytes);
        return bytes;
    }
}
