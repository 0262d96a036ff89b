// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * SipHash-2-4 with a result of 64 bits: two rounds per eight bytes, four to finish.
 *
 * <p>J.-P. Aumasson, D. J. Bernstein: "SipHash: a fast short-input PRF", INDOCRYPT 2012. Without the key the hash of a
 * number cannot be predicted, however many hashes of other numbers were seen.
 */
final class SipHash {
    private long v0;
    private long v1;
    private long v2;
    private long v3;

    private SipHash(long k0, long k1) {
        v0 = k0 ^ 0x736f6d6570736575L;
        v1 = k1 ^ 0x646f72616e646f6dL;
        v2 = k0 ^ 0x6c7967656e657261L;
        v3 = k1 ^ 0x7465646279746573L;
    }

    /** {@return the hash of the eight bytes of {@code word}, the least significant first} */
    static long hash(long k0, long k1, long word) {
        // Does not leave this frame: the compiler keeps the state in registers.
        SipHash state = new SipHash(k0, k1);
        state.compress(word);
        return state.finish((long) Long.BYTES << 56);
    }

    /** {@return the hash of the 24 bytes of three words} */
    static long hash(long k0, long k1, long first, long second, long third) {
        SipHash state = new SipHash(k0, k1);
        state.compress(first);
        state.compress(second);
        state.compress(third);
        return state.finish((3L * Long.BYTES) << 56);
    }

    /** {@return the hash of any number of bytes, as the reference vectors define it} */
    static long hash(long k0, long k1, byte[] bytes) {
        SipHash state = new SipHash(k0, k1);
        ByteBuffer words = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
        while (words.remaining() >= Long.BYTES) {
            state.compress(words.getLong());
        }
        long last = (long) bytes.length << 56;
        for (int shift = 0; words.hasRemaining(); shift += Byte.SIZE) {
            last |= Byte.toUnsignedLong(words.get()) << shift;
        }
        return state.finish(last);
    }

    private void compress(long word) {
        v3 ^= word;
        round();
        round();
        v0 ^= word;
    }

    private long finish(long last) {
        compress(last);
        v2 ^= 0xff;
        round();
        round();
        round();
        round();
        return v0 ^ v1 ^ v2 ^ v3;
    }

    private void round() {
        v0 += v1;
        v1 = Long.rotateLeft(v1, 13) ^ v0;
        v0 = Long.rotateLeft(v0, 32);
        v2 += v3;
        v3 = Long.rotateLeft(v3, 16) ^ v2;
        v0 += v3;
        v3 = Long.rotateLeft(v3, 21) ^ v0;
        v2 += v1;
        v1 = Long.rotateLeft(v1, 17) ^ v2;
        v2 = Long.rotateLeft(v2, 32);
    }
}
