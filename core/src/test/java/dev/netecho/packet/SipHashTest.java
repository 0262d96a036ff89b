// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SipHashTest {
    /** The key 00 01 .. 0f of the reference vectors. */
    private static final long K0 = 0x0706_0504_0302_0100L;

    private static final long K1 = 0x0f0e_0d0c_0b0a_0908L;

    /** Output for the inputs of 0 to 63 bytes 00 01 02 ..., as the authors of SipHash publish them, byte by byte. */
    private static final String REFERENCE = "310e0edd47db6f72 fd67dc93c539f874 5a4fa9d909806c0d 2d7efbd796666785"
            + " b7877127e09427cf 8da699cd64557618 cee3fe586e46c9cb 37d1018bf50002ab"
            + " 6224939a79f5f593 b0e4a90bdf82009e f3b9dd94c5bb5d7a a7ad6b22462fb3f4"
            + " fbe50e86bc8f1e75 903d84c02756ea14 eef27a8e90ca23f7 e545be4961ca29a1"
            + " db9bc2577fcc2a3f 9447be2cf5e99a69 9cd38d96f0b3c14b bd6179a71dc96dbb"
            + " 98eea21af25cd6be c7673b2eb0cbf2d0 883ea3e395675393 c8ce5ccd8c030ca8"
            + " 94af49f6c650adb8 eab8858ade92e1bc f315bb5bb835d817 adcf6b0763612e2f"
            + " a5c91da7acaa4dde 716595876650a2a6 28ef495c53a387ad 42c341d8fa92d832"
            + " ce7cf2722f512771 e37859f94623f3a7 381205bb1ab0e012 ae97a10fd434e015"
            + " b4a31508beff4d31 81396229f0907902 4d0cf49ee5d4dcca 5c73336a76d8bf9a"
            + " d0a704536ba93e0e 925958fcd6420cad a915c29bc8067318 952b79f3bc0aa6d4"
            + " f21df2e41d4535f9 87577519048f53a9 10a56cf5dfcd9adb eb75095ccd986cd0"
            + " 51a9cb9ecba312e6 96afadfc2ce666c7 72fe52975a4364ee 5a1645b276d592a1"
            + " b274cb8ebf87870a 6f9bb4203de7b381 eaecb2a30b22a87f 9924a43cc1315724"
            + " bd838d3aafbf8db7 0b1a2a3265d51aea 135079a3231ce660 932b2846e4d70666"
            + " e1915f5cb1eca46c f325965ca16d629f 575ff28e60381be5 724506eb4c328a95";

    @Test
    void agreesWithTheReferenceVectorsOfAllLengths() {
        byte[] expected = Hex.bytes(REFERENCE);
        ByteBuffer words = ByteBuffer.wrap(expected).order(ByteOrder.LITTLE_ENDIAN);
        assertThat(expected).hasSize(64 * 8);

        for (int length = 0; length < 64; length++) {
            assertThat(SipHash.hash(K0, K1, counting(length)))
                    .as("length %d", length)
                    .isEqualTo(words.getLong(length * 8));
        }
    }

    @Test
    void agreesWithTheWorkedExampleOfThePaper() {
        assertThat(SipHash.hash(K0, K1, counting(15))).isEqualTo(0xa129_ca61_49be_45e5L);
    }

    @Test
    void aWordHashesLikeItsEightBytes() {
        assertThat(SipHash.hash(K0, K1, 0x0706_0504_0302_0100L)).isEqualTo(0x93f5_f579_9a93_2462L);

        long seed = System.nanoTime();
        SplittableRandom random = new SplittableRandom(seed);
        for (int round = 0; round < 1_000; round++) {
            long k0 = random.nextLong();
            long k1 = random.nextLong();
            long word = random.nextLong();
            byte[] bytes = ByteBuffer.allocate(8)
                    .order(ByteOrder.LITTLE_ENDIAN)
                    .putLong(word)
                    .array();
            assertThat(SipHash.hash(k0, k1, word))
                    .as("seed %d, round %d", seed, round)
                    .isEqualTo(SipHash.hash(k0, k1, bytes));
        }
    }

    @Test
    void aTokenIsTheHashOfTheGenerationUnderTheKey() {
        EchoTokens tokens = new EchoTokens(K0, K1);

        assertThat(tokens.of(0x0706_0504_0302_0100L)).isEqualTo(0x93f5_f579_9a93_2462L);
        assertThat(new EchoTokens(K0, K1).of(5)).isEqualTo(tokens.of(5));
        assertThat(new EchoTokens(K0 + 1, K1).of(5)).isNotEqualTo(tokens.of(5));
        assertThat(new EchoTokens(K0, K1 + 1).of(5)).isNotEqualTo(tokens.of(5));
    }

    @Test
    void requestsOfOneSequenceNumberHaveDifferentTokens() {
        EchoTokens tokens = new EchoTokens(K0, K1);
        Set<Long> seen = new HashSet<>();

        for (long generation = 7; generation < 7 + 1_000L * 65_536; generation += 65_536) {
            seen.add(tokens.of(generation));
        }

        assertThat(seen).hasSize(1_000).doesNotContain(0L);
    }

    private static byte[] counting(int length) {
        byte[] bytes = new byte[length];
        for (int i = 0; i < length; i++) {
            bytes[i] = (byte) i;
        }
        return bytes;
    }
}
