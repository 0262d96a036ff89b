// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Random;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.Test;

final class CmsghdrTest {
    private static final int START = 24;

    private final ByteBuffer buffer = ByteBuffer.allocateDirect(START + 256).order(ByteOrder.nativeOrder());

    @Test
    void readsBackWhatWasAppended() {
        for (int i = 0; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) 0xaa);
        }
        int end = Cmsghdr.append(buffer, START, Ip.IPPROTO_IP, Ip.IP_TTL, 7);
        assertThat(end).isEqualTo(START + 24);
        end = Cmsghdr.appendPktinfo(buffer, end, 0x7f000001, 3);
        assertThat(end).isEqualTo(START + 56);
        end = Cmsghdr.appendPktinfo6(buffer, end, 0xfe80_0000_0000_0000L, 9, 4);
        assertThat(end).isEqualTo(START + 96);
        assertThat(Cmsghdr.end(buffer, START, end - START)).isEqualTo(end);

        int cmsg = Cmsghdr.first(buffer, START, end);
        assertThat(cmsg).isEqualTo(START);
        assertThat(Cmsghdr.kind(buffer, cmsg)).isEqualTo(Cmsghdr.kind(Ip.IPPROTO_IP, Ip.IP_TTL));
        assertThat(Cmsghdr.level(buffer, cmsg)).isEqualTo(Ip.IPPROTO_IP);
        assertThat(Cmsghdr.type(buffer, cmsg)).isEqualTo(Ip.IP_TTL);
        assertThat(Cmsghdr.dataLength(buffer, cmsg)).isEqualTo(4);
        assertThat(Cmsghdr.intOrByte(buffer, cmsg)).isEqualTo(7);

        cmsg = Cmsghdr.next(buffer, end, cmsg);
        assertThat(Cmsghdr.type(buffer, cmsg)).isEqualTo(Ip.IP_PKTINFO);
        assertThat(Cmsghdr.dataLength(buffer, cmsg)).isEqualTo(InPktinfo.SIZE);
        assertThat(InPktinfo.specDst(buffer, Cmsghdr.dataOffset(cmsg))).isEqualTo(0x7f000001);
        assertThat(InPktinfo.addr(buffer, Cmsghdr.dataOffset(cmsg))).isZero();
        assertThat(InPktinfo.interfaceIndex(buffer, Cmsghdr.dataOffset(cmsg))).isEqualTo(3);

        cmsg = Cmsghdr.next(buffer, end, cmsg);
        assertThat(Cmsghdr.level(buffer, cmsg)).isEqualTo(Ipv6.IPPROTO_IPV6);
        assertThat(Cmsghdr.type(buffer, cmsg)).isEqualTo(Ipv6.IPV6_PKTINFO);
        int data = Cmsghdr.dataOffset(cmsg);
        assertThat(In6Pktinfo.addressHigh(buffer, data)).isEqualTo(0xfe80_0000_0000_0000L);
        assertThat(In6Pktinfo.addressLow(buffer, data)).isEqualTo(9);
        assertThat(In6Pktinfo.interfaceIndex(buffer, data)).isEqualTo(4);
        assertThat(buffer.getInt(data + In6Pktinfo.SIZE)).as("padding").isZero();

        assertThat(Cmsghdr.next(buffer, end, cmsg)).isEqualTo(-1);
    }

    @Test
    void readsOneByteAsTheKernelDeliversTos() {
        Cmsghdr.append(buffer, START, Ip.IPPROTO_IP, Ip.IP_TOS, 0x1234_56b8);
        buffer.putLong(START, Cmsghdr.SIZE + 1);

        int cmsg = Cmsghdr.first(buffer, START, START + Cmsghdr.space(1));

        assertThat(Cmsghdr.intOrByte(buffer, cmsg)).isEqualTo(0xb8);
        buffer.putLong(START, Cmsghdr.SIZE);
        assertThat(Cmsghdr.intOrByte(buffer, cmsg)).isEqualTo(-1);
    }

    @Test
    void acceptsALastMessageWithoutPaddingAndRefusesOneThatIsCut() {
        Cmsghdr.append(buffer, START, Ip.IPPROTO_IP, Ip.IP_TTL, 7);

        assertThat(Cmsghdr.first(buffer, START, START + 20)).isEqualTo(START);
        assertThat(Cmsghdr.next(buffer, START + 20, START)).isEqualTo(-1);
        for (int length = 0; length < 20; length++) {
            assertThat(Cmsghdr.first(buffer, START, START + length))
                    .as("control length %d", length)
                    .isEqualTo(-1);
        }
    }

    @Test
    void refusesEveryLengthThatCannotBe() {
        long[] lengths = {
            0,
            1,
            15,
            257,
            Integer.MAX_VALUE,
            1L << 32,
            Long.MAX_VALUE,
            Long.MAX_VALUE - 7,
            -1,
            -16,
            Long.MIN_VALUE,
            (1L << 32) + 20
        };
        for (long length : lengths) {
            buffer.putLong(START, length);
            assertThat(Cmsghdr.first(buffer, START, START + 256))
                    .as("cmsg_len %d", length)
                    .isEqualTo(-1);
        }
    }

    @Test
    void endsWithTheBufferWhateverTheControlLengthIs() {
        for (long controllen : new long[] {-1, 0, Long.MIN_VALUE}) {
            assertThat(Cmsghdr.end(buffer, START, controllen))
                    .as("controllen %d", controllen)
                    .isEqualTo(START);
        }
        for (long controllen : new long[] {buffer.capacity(), Integer.MAX_VALUE, 1L << 32, Long.MAX_VALUE}) {
            assertThat(Cmsghdr.end(buffer, START, controllen))
                    .as("controllen %d", controllen)
                    .isEqualTo(buffer.capacity());
        }
        int behind = buffer.capacity() + 8;
        assertThat(Cmsghdr.first(buffer, behind, Cmsghdr.end(buffer, behind, 64)))
                .isEqualTo(-1);
    }

    @Test
    void writesNothingWhenThereIsNoRoom() {
        int offset = buffer.capacity() - 16;
        assertThatExceptionOfType(IndexOutOfBoundsException.class)
                .isThrownBy(() -> Cmsghdr.append(buffer, offset, 0, 2, 7));
        assertThat(buffer.getLong(offset)).isZero();
    }

    @RepeatedTest(20)
    void endsInsideTheDataWhateverTheBytesAre() {
        long seed = System.nanoTime();
        Random random = new Random(seed);
        for (int round = 0; round < 2_000; round++) {
            fill(random);
            long controllen = random.nextInt(8) == 0 ? random.nextLong() : random.nextInt(300);
            int end = Cmsghdr.end(buffer, START, controllen);
            int last = START - 1;
            int steps = 0;
            for (int cmsg = Cmsghdr.first(buffer, START, end); cmsg >= 0; cmsg = Cmsghdr.next(buffer, end, cmsg)) {
                assertThat(cmsg).as("seed %d round %d", seed, round).isGreaterThan(last);
                int length = Cmsghdr.dataLength(buffer, cmsg);
                assertThat(length).as("seed %d round %d", seed, round).isNotNegative();
                assertThat((long) Cmsghdr.dataOffset(cmsg) + length)
                        .as("seed %d round %d", seed, round)
                        .isLessThanOrEqualTo(end);
                Cmsghdr.intOrByte(buffer, cmsg);
                SockExtendedErr.offenderFamily(buffer, Cmsghdr.dataOffset(cmsg), length);
                last = cmsg;
                steps++;
            }
            assertThat(steps).as("seed %d round %d", seed, round).isLessThanOrEqualTo(16);
        }
    }

    /** Random bytes, but often with lengths that are nearly right, or no walk would get past the first message. */
    private void fill(Random random) {
        for (int i = START; i < buffer.capacity(); i++) {
            buffer.put(i, (byte) random.nextInt());
        }
        for (int i = START; i + 8 <= buffer.capacity(); i += 8) {
            if (random.nextInt(3) > 0) {
                buffer.putLong(i, random.nextInt(48) - 4L);
            }
        }
    }
}
