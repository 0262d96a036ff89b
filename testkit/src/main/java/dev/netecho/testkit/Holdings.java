// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/**
 * What this process holds that an engine could forget to release.
 *
 * @param amounts how much of it, by name
 */
record Holdings(Map<String, Long> amounts) {
    private static final Path DESCRIPTORS = Path.of("/proc/self/fd");
    /**
     * The JDK leaves a small direct buffer with every thread that has read or written a file, such as those of the
     * tests.
     */
    private static final long BUFFERS_OF_THREADS = 32 << 10;

    private static final String ENGINE_THREAD = "icmp-echo-";

    static Holdings now(ContractHarness harness) {
        Map<String, Long> amounts = new TreeMap<>(harness.resources());
        amounts.put("engine threads", engineThreads());
        for (BufferPoolMXBean pool : ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class)) {
            amounts.put("bytes of " + pool.getName() + " buffers", pool.getMemoryUsed());
        }
        // Wine shows a Windows process the files of its host, but not where links point.
        if (System.getProperty("os.name", "").equals("Linux") && Files.isDirectory(DESCRIPTORS)) {
            countDescriptors(amounts);
        }
        return new Holdings(amounts);
    }

    /** {@return what has increased since, in words; empty if nothing has} */
    String moreThan(Holdings before) {
        Map<String, String> more = new TreeMap<>();
        amounts.forEach((name, amount) -> {
            long earlier = before.amounts.getOrDefault(name, 0L);
            if (amount > earlier + (name.endsWith(" buffers") ? BUFFERS_OF_THREADS : 0)) {
                more.put(name, earlier + " before, " + amount + " after");
            }
        });
        return more.isEmpty() ? "" : more.toString();
    }

    private static long engineThreads() {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().startsWith(ENGINE_THREAD))
                .count();
    }

    /** Sockets and the kernel's anonymous objects (epoll, eventfd, timerfd); files belong to class loading. */
    private static void countDescriptors(Map<String, Long> amounts) {
        try (Stream<Path> links = Files.list(DESCRIPTORS)) {
            for (Path link : links.toList()) {
                String target = target(link);
                if (target.startsWith("socket:")) {
                    amounts.merge("sockets", 1L, Long::sum);
                } else if (target.startsWith("anon_inode:")) {
                    amounts.merge("descriptors of " + target, 1L, Long::sum);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String target(Path link) throws IOException {
        try {
            return Files.readSymbolicLink(link).toString();
        } catch (NoSuchFileException e) {
            return "closed"; // the descriptor of the listing itself, or one that was just closed
        }
    }
}
