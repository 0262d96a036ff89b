// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

import com.sun.management.ThreadMXBean;
import dev.netecho.linux.libc.LibC;
import dev.netecho.linux.libc.NativeMemory;
import dev.netecho.linux.libc.Timespec;
import java.lang.management.ManagementFactory;

/**
 * What this JVM has used so far.
 *
 * @param cpuNanos user and system time of the whole process
 * @param allocatedBytes heap memory allocated by the platform threads that live, without the one that reads this and
 *     sleeps meanwhile
 */
@SuppressForbidden("com.sun.management is an exported API of the JDK, and nothing else counts allocated bytes")
public record ProcessCost(long cpuNanos, long allocatedBytes) {
    /**
     * CLOCK_PROCESS_CPUTIME_ID, the clock behind getrusage(2). {@code getProcessCpuTime} of the JDK counts in ticks of
     * 10 ms, which is several percent of a short turn.
     */
    private static final int CLOCK_PROCESS_CPUTIME_ID = 2;

    /** {@return the cost before a measurement: what reading it allocates comes before it} */
    public static ProcessCost before() {
        long cpu = cpu();
        return new ProcessCost(cpu, allocated());
    }

    /** {@return the cost after a measurement: what reading it allocates comes behind it} */
    public static ProcessCost after() {
        long allocated = allocated();
        return new ProcessCost(cpu(), allocated);
    }

    /**
     * {@return user and system time of another process, in nanoseconds}
     *
     * @param pid its id
     * @throws IllegalStateException if there is no such process
     */
    public static long cpuNanosOf(long pid) {
        // What clock_getcpuclockid(3) returns: a clock is named by the complement of the process, 2 is the scheduler's.
        return cpu((int) (~pid << 3 | 2));
    }

    private static long cpu() {
        return cpu(CLOCK_PROCESS_CPUTIME_ID);
    }

    private static long cpu(int clock) {
        try (NativeMemory memory = NativeMemory.allocate(Timespec.SIZE)) {
            if (LibC.clock_gettime(clock, memory.address()) != 0) {
                throw new IllegalStateException("there is no clock " + clock + ": its process has ended");
            }
            return Timespec.nanos(memory.buffer(), 0);
        }
    }

    private static long allocated() {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long[] ids = threads.getAllThreadIds();
        long[] bytes = threads.getThreadAllocatedBytes(ids);
        long self = Thread.currentThread().getId();
        long sum = 0;
        for (int i = 0; i < ids.length; i++) {
            if (ids[i] != self) {
                sum += Math.max(0, bytes[i]); // -1 for a thread that has just ended
            }
        }
        return sum;
    }
}
