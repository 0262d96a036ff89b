// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;
import java.util.List;

/**
 * {@code struct sock_fprog}: what {@code SO_ATTACH_FILTER} takes, linux/filter.h.
 *
 * <pre>
 *  0 len     u16, the number of instructions
 *  8 filter  pointer to an array of {@link SockFilter}
 * </pre>
 */
public final class SockFprog {
    /** The size in bytes, without the instructions. */
    public static final int SIZE = 16;

    /** The most instructions that the kernel takes: {@code BPF_MAXINSNS}. */
    public static final int MAX_INSTRUCTIONS = 4096;

    static final int LEN = 0;
    static final int FILTER = 8;

    private SockFprog() {}

    /**
     * Lays out a program in native memory, first the structure and then the instructions.
     *
     * @param instructions 1 to {@link #MAX_INSTRUCTIONS}
     * @return memory whose address and {@link #SIZE} are what setsockopt(2) takes; the caller closes it afterwards,
     *     because the kernel keeps a copy
     * @throws IllegalArgumentException if there are too few or too many instructions
     */
    public static NativeMemory allocate(List<SockFilter> instructions) {
        int length = instructions.size();
        if (length < 1 || length > MAX_INSTRUCTIONS) {
            throw new IllegalArgumentException(
                    "BPF program of " + length + " instructions: the kernel takes 1 to " + MAX_INSTRUCTIONS);
        }
        NativeMemory memory = NativeMemory.allocate(SIZE + length * SockFilter.SIZE);
        try {
            put(instructions, memory.buffer(), memory.address());
            return memory;
        } catch (RuntimeException | Error e) {
            memory.close();
            throw e;
        }
    }

    private static void put(List<SockFilter> instructions, ByteBuffer buffer, long address) {
        buffer.putShort(LEN, (short) instructions.size());
        buffer.putLong(FILTER, address + SIZE);
        int offset = SIZE;
        for (SockFilter instruction : instructions) {
            instruction.put(buffer, offset);
            offset += SockFilter.SIZE;
        }
    }
}
