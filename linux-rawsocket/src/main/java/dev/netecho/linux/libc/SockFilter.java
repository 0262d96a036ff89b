// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct sock_filter}: one instruction of a classic BPF program, linux/filter.h.
 *
 * <pre>
 *  0 code  u16
 *  2 jt    u8, instructions to skip if true
 *  3 jf    u8, instructions to skip if false
 *  4 k     u32
 * </pre>
 *
 * @param code the operation, 0 to 65535
 * @param jt 0 to 255
 * @param jf 0 to 255
 * @param k the operand, 32 bits
 */
public record SockFilter(int code, int jt, int jf, int k) {
    /** The size in bytes, which is also the distance of two elements of an array. */
    public static final int SIZE = 8;

    /** A = the 16 bits at k. */
    public static final int LDH_ABS = 0x28;

    /** A = the byte at k. */
    public static final int LDB_ABS = 0x30;

    /** A = the 16 bits at X + k. */
    public static final int LDH_IND = 0x48;

    /** A = the byte at X + k. */
    public static final int LDB_IND = 0x50;

    /** X = 4 times the low four bits of the byte at k: the length of an IPv4 header. */
    public static final int LDX_MSH = 0xb1;

    /** {@code A &= k}. */
    public static final int AND_K = 0x54;

    /** {@code A <<= k}. */
    public static final int LSH_K = 0x64;

    /** A += X. */
    public static final int ADD_X = 0x0c;

    /** X = A. */
    public static final int TAX = 0x07;

    /** Skip k instructions. */
    public static final int JA = 0x05;

    /** Skip jt instructions if A == k, else jf. */
    public static final int JEQ_K = 0x15;

    /** Skip jt instructions if A has any bit of k, else jf. */
    public static final int JSET_K = 0x45;

    /** End: k bytes of the packet pass; 0 drops it, -1 passes all of it. */
    public static final int RET_K = 0x06;

    static final int CODE = 0;
    static final int JT = 2;
    static final int JF = 3;
    static final int K = 4;

    /** Checks the ranges. */
    public SockFilter {
        if ((code & ~0xffff) != 0 || (jt & ~0xff) != 0 || (jf & ~0xff) != 0) {
            throw new IllegalArgumentException("BPF instruction code=" + code + " jt=" + jt + " jf=" + jf
                    + " does not fit: code takes 16 bits, jt and jf take 8 each");
        }
    }

    /** {@return an instruction that does not branch: {@code BPF_STMT}} */
    public static SockFilter statement(int code, int k) {
        return new SockFilter(code, 0, 0, k);
    }

    /** Writes the instruction. */
    public void put(ByteBuffer buffer, int offset) {
        buffer.putShort(offset + CODE, (short) code);
        buffer.put(offset + JT, (byte) jt);
        buffer.put(offset + JF, (byte) jf);
        buffer.putInt(offset + K, k);
    }
}
