// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import com.sun.management.ThreadMXBean;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;
import java.lang.management.ManagementFactory;
import java.util.stream.LongStream;

/**
 * What this JVM has used so far.
 *
 * @param cpuNanos user and system time of the whole process
 * @param allocatedBytes heap memory allocated by the platform threads that live
 */
@SuppressForbidden("com.sun.management is an exported API of the JDK, and nothing else counts allocated bytes")
record ProcessCost(long cpuNanos, long allocatedBytes) {
    /**
     * CLOCK_PROCESS_CPUTIME_ID, the clock behind getrusage(2). {@code getProcessCpuTime} of the JDK counts in ticks of 10 ms,
     * which is several percent of a short turn.
     */
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;

    static ProcessCost now() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        // -1 for a thread that has just ended.
        long allocated = LongStream.of(threads.getThreadAllocatedBytes(threads.getAllThreadIds()))
                .filter(bytes -> bytes > 0)
                .sum();
        try (NativeMemory memory = NativeMemory.allocate(Timespec.SIZE)) {
            LibC.clock_gettime(CLOCK_PROCESS_CPUTIME_ID, memory.address());
            return new ProcessCost(Timespec.nanos(memory.buffer(), 0), allocated);
        }
    }
}
