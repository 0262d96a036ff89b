// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import dev.netecho.linux.libc.NativeMemory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.stream.Stream;

/**
 * What this process holds.
 *
 * @param descriptors open ones
 * @param threads of Java
 * @param nativeBytes of the library's own buffers
 * @param heapMb the least after several collections: what others make between a collection and its reading is garbage
 */
record ProcessHoldings(long descriptors, long threads, long nativeBytes, double heapMb) {
    private static final int COLLECTIONS = 5;

    static ProcessHoldings now() throws IOException {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return new ProcessHoldings(
                    descriptors.count(), Thread.getAllStackTraces().size(), NativeMemory.liveBytes(), leastHeapMb());
        }
    }

    private static double leastHeapMb() {
        long least = Long.MAX_VALUE;
        for (int i = 0; i < COLLECTIONS; i++) {
            System.gc();
            least = Math.min(
                    least,
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed());
        }
        return least / 1e6;
    }

    String moreThan(ProcessHoldings before) {
        return String.format(
                Locale.ROOT,
                "descriptors=%d threads=%d native=%d heap_mb=%.2f",
                descriptors - before.descriptors,
                threads - before.threads,
                nativeBytes - before.nativeBytes,
                heapMb - before.heapMb);
    }
}
