// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

/**
 * The order of a sweep: a permutation of 0 to size - 1 under a key, at random access and both ways. So a shard is every
 * n-th position, a place in the sweep is one number, and neighbours are seldom asked one after the other.
 *
 * <p>A Feistel network over a x b, the smallest such rectangle, as in J. Black, P. Rogaway: "Ciphers with Arbitrary
 * Finite Domains", CT-RSA 2002, with their cycle walking for what lies beyond the size. Immutable.
 */
final class SweepOrder {
    /** Even, so that both halves come out where they went in. */
    private static final int ROUNDS = 4;

    private final long size;
    private final long a;
    private final long b;
    private final long[] keys = new long[ROUNDS];

    SweepOrder(long size, long key) {
        this.size = size;
        long root = (long) Math.ceil(Math.sqrt((double) size));
        this.a = Math.max(1, root);
        this.b = (size + a - 1) / a;
        long state = key;
        for (int round = 0; round < ROUNDS; round++) {
            state += 0x9e3779b97f4a7c15L;
            keys[round] = mixed(state);
        }
    }

    /** {@return what is at a position} */
    long at(long position) {
        long x = position;
        do {
            long left = x % a;
            long right = x / a;
            for (int round = 0; round < ROUNDS; round++) {
                long modulus = (round & 1) == 0 ? a : b;
                long sum = left + part(round, right, modulus);
                left = right;
                right = sum >= modulus ? sum - modulus : sum;
            }
            x = a * right + left;
        } while (x >= size);
        return x;
    }

    /** {@return the position of a value} */
    long positionOf(long value) {
        long x = value;
        do {
            long left = x % a;
            long right = x / a;
            for (int round = ROUNDS - 1; round >= 0; round--) {
                long modulus = (round & 1) == 0 ? a : b;
                long difference = right - part(round, left, modulus);
                right = left;
                left = difference < 0 ? difference + modulus : difference;
            }
            x = a * right + left;
        } while (x >= size);
        return x;
    }

    /** {@return a number below the modulus, which has 17 bits at most} */
    private long part(int round, long half, long modulus) {
        return ((mixed(half + keys[round]) >>> 32) * modulus) >>> 32;
    }

    /** The finalizer of SplitMix64 (Steele, Lea, Flood, OOPSLA 2014). */
    private static long mixed(long number) {
        long mixed = (number ^ (number >>> 30)) * 0xbf58476d1ce4e5b9L;
        mixed = (mixed ^ (mixed >>> 27)) * 0x94d049bb133111ebL;
        return mixed ^ (mixed >>> 31);
    }
}
