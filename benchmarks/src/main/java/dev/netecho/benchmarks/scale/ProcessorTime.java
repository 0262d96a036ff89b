// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;

/** The processor time of this process, to the nanosecond: the JDK counts it in ticks of 10 ms. */
final class ProcessorTime {
    // clock_gettime(2)
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;

    private ProcessorTime() {}

    /** {@return user and system time of all threads so far, in nanoseconds} */
    static long nanos() {
        try (NativeMemory memory = NativeMemory.allocate(Timespec.SIZE)) {
            LibC.clock_gettime(CLOCK_PROCESS_CPUTIME_ID, memory.address());
            return Timespec.nanos(memory.buffer(), 0);
        }
    }
}
