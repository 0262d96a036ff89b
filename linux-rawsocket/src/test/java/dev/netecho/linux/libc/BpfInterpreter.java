// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.util.List;

/** Runs the instructions of {@link SockFilter} over a packet, as linux/Documentation/networking/filter.rst says. */
final class BpfInterpreter {
    private BpfInterpreter() {}

    /** {@return what the program returns; 0, which drops the packet, for a load past its end} */
    static int run(List<SockFilter> program, byte[] packet) {
        int a = 0;
        int x = 0;
        int pc = 0;
        // Jumps lead forward only, so the program ends after at most its own length.
        for (int steps = 0; steps < program.size(); steps++) {
            SockFilter instruction = program.get(pc++);
            int k = instruction.k();
            try {
                switch (instruction.code()) {
                    case SockFilter.LDH_ABS -> a = half(packet, k);
                    case SockFilter.LDB_ABS -> a = packet[k] & 0xff;
                    case SockFilter.LDH_IND -> a = half(packet, x + k);
                    case SockFilter.LDB_IND -> a = packet[x + k] & 0xff;
                    case SockFilter.LDX_MSH -> x = 4 * (packet[k] & 0xf);
                    case SockFilter.AND_K -> a &= k;
                    case SockFilter.LSH_K -> a <<= k;
                    case SockFilter.ADD_X -> a += x;
                    case SockFilter.TAX -> x = a;
                    case SockFilter.JA -> pc += k;
                    case SockFilter.JSET_K -> pc += (a & k) != 0 ? instruction.jt() : instruction.jf();
                    case SockFilter.JEQ_K -> pc += a == k ? instruction.jt() : instruction.jf();
                    case SockFilter.RET_K -> {
                        return k;
                    }
                    default -> throw new AssertionError("not an instruction that this library uses:  " + instruction);
                }
            } catch (ArrayIndexOutOfBoundsException e) {
                return 0;
            }
        }
        throw new AssertionError("the program runs past its end");
    }

    private static int half(byte[] packet, int offset) {
        return (packet[offset] & 0xff) << 8 | (packet[offset + 1] & 0xff);
    }
}
