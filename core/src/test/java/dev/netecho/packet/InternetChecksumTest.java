// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class InternetChecksumTest {
    private static final byte[] ICMPV6_ECHO = Hex.bytes("6007 8ebe 000d 3a40 0000 0000 0000 0000 0000 0000 0000 0001"
            + "0000 0000 0000 0000 0000 0000 0000 0001 8000 3370 0b45 0001 4100 0000 00");

    @ParameterizedTest
    @EnumSource
    void theExampleOfRfc1071Section3SumsToDdf2(BufferKind kind) {
        byte[] bytes = Hex.bytes("0001 f203 f4f5 f6f7");

        assertThat(InternetChecksum.of(kind.holding(bytes, 0), 0, 8)).isEqualTo(~0xddf2 & 0xffff);
    }

    @ParameterizedTest
    @EnumSource
    void aKnownIpHeaderIsValidUntilABitChanges(BufferKind kind) {
        byte[] header = Hex.bytes("4500 0073 0000 4000 4011 b861 c0a8 0001 c0a8 00c7");

        ByteBuffer buffer = kind.holding(header, 3);

        assertThat(InternetChecksum.isValid(buffer, 3, 20)).isTrue();
        for (int bit = 0; bit < header.length * 8; bit++) {
            byte[] changed = header.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(InternetChecksum.isValid(kind.holding(changed, 3), 3, 20))
                    .as("bit %d", bit)
                    .isFalse();
        }
    }

    @ParameterizedTest
    @EnumSource
    void anOddLastByteIsTheHighHalfOfAWord(BufferKind kind) {
        assertThat(InternetChecksum.of(kind.holding(Hex.bytes("ff"), 0), 0, 1)).isEqualTo(0x00ff);
        assertThat(InternetChecksum.of(kind.holding(Hex.bytes("0001 80"), 1), 1, 3))
                .isEqualTo(0x7ffe);
        assertThat(InternetChecksum.of(kind.holding(Hex.bytes("ffff ff"), 0), 0, 3))
                .isEqualTo(0x00ff);
    }

    @ParameterizedTest
    @EnumSource
    void theLargestMessageOfNothingButFfDoesNotOverflow(BufferKind kind) {
        byte[] bytes = new byte[65_535];
        Arrays.fill(bytes, (byte) 0xff);

        assertThat(InternetChecksum.of(kind.holding(bytes, 1), 1, bytes.length)).isEqualTo(naive(bytes));
        assertThat(InternetChecksum.of(kind.holding(bytes, 1), 1, 65_534)).isZero();
    }

    @ParameterizedTest
    @EnumSource
    void aRangeBeyondAnyPacketIsFoldedToTheLastCarry(BufferKind kind) {
        // 65,537 words of ff and one more bit make the sum 0x10000_ffffffff, whose third fold still carries.
        byte[] bytes = new byte[65_538 * 4];
        Arrays.fill(bytes, 0, 65_537 * 4, (byte) 0xff);
        bytes[65_537 * 4 + (kind.name().endsWith("BIG_ENDIAN") ? 1 : 2)] = 1;

        assertThat(InternetChecksum.of(kind.holding(bytes, 0), 0, bytes.length)).isEqualTo(naive(bytes));
    }

    @Test
    void anEmptyRangeIsNotValid() {
        ByteBuffer buffer = ByteBuffer.allocate(4);

        assertThat(InternetChecksum.of(buffer, 4, 0)).isEqualTo(0xffff);
        assertThat(InternetChecksum.isValid(buffer, 4, 0)).isFalse();
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithASumOfWordsAtAllShortLengthsAndAlignments(BufferKind kind) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int length = 0; length <= 130; length++) {
            for (int offset = 0; offset <= 8; offset++) {
                byte[] bytes = random(random, length);
                assertThat(InternetChecksum.of(kind.holding(bytes, offset), offset, length))
                        .as("seed %d, length %d, offset %d", seed, length, offset)
                        .isEqualTo(naive(bytes));
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void agreesWithASumWordByWordOverRandomMessages(BufferKind kind) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] bytes = random(random, random.nextInt(4_000));
            int offset = random.nextInt(16);
            assertThat(InternetChecksum.of(kind.holding(bytes, offset), offset, bytes.length))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(naive(bytes));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aCapturedIcmpv6EchoIsValidUntilABitChanges(BufferKind kind) {
        // What the kernel of Linux sent for `ping -6 -c 1 -s 5 -p 41 ::1`, computed by it and not by this class.
        byte[] packet = ICMPV6_ECHO.clone();

        ByteBuffer buffer = kind.holding(packet, 5);

        assertThat(InternetChecksum.ofIcmpv6(buffer, 5, 5 + 40, packet.length - 40))
                .isZero();
        for (int bit = 8 * 8; bit < packet.length * 8; bit++) {
            byte[] changed = packet.clone();
            changed[bit / 8] ^= (byte) (1 << bit % 8);
            assertThat(InternetChecksum.ofIcmpv6(kind.holding(changed, 5), 5, 5 + 40, packet.length - 40))
                    .as("bit %d", bit)
                    .isNotZero();
        }
    }

    @ParameterizedTest
    @EnumSource
    void theIcmpv6ChecksumCoversThePseudoHeader(BufferKind kind) {
        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 2_000; round++) {
            byte[] header = random(random, 40);
            byte[] message = random(random, random.nextInt(1_500));
            byte[] packet = concatenated(header, message);
            byte[] lengthAndProtocol = {
                0, 0, (byte) (message.length >> 8), (byte) message.length, 0, 0, 0, 58,
            };
            byte[] written = concatenated(concatenated(Arrays.copyOfRange(header, 8, 40), lengthAndProtocol), message);
            int offset = random.nextInt(16);
            assertThat(InternetChecksum.ofIcmpv6(kind.holding(packet, offset), offset, offset + 40, message.length))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(naive(written));
        }
    }

    private static byte[] concatenated(byte[] first, byte[] second) {
        byte[] both = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, both, first.length, second.length);
        return both;
    }

    /** One message in four is made of 0x00 and 0xff alone, where carries and the two zeros of the sum are. */
    private static byte[] random(SplittableRandom random, int length) {
        byte[] bytes = new byte[length];
        random.nextBytes(bytes);
        if (random.nextInt(4) == 0) {
            for (int i = 0; i < length; i++) {
                bytes[i] = (byte) (bytes[i] >> 7);
            }
        }
        return bytes;
    }

    private static int naive(byte[] bytes) {
        int sum = 0;
        for (int i = 0; i < bytes.length; i++) {
            sum += i % 2 == 0 ? (bytes[i] & 0xff) * 256 : bytes[i] & 0xff;
            if (sum > 0xffff) {
                sum -= 0xffff;
            }
        }
        return 0xffff - sum;
    }
}
