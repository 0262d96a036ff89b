// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.scale;

import com.sun.jna.Native;
import com.sun.jna.ptr.IntByReference;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.TreeMap;

/** The ICMP sockets of this process as the kernel sees them: what was asked for is not what was granted. */
final class PingSockets {
    // socket(7)
    private static final int SOL_SOCKET = 1;
    private static final int SO_RCVBUF = 8;
    private static final int SO_PROTOCOL = 38;
    private static final int IPPROTO_ICMP = 1;

    static {
        Native.register(PingSockets.class, "c");
    }

    private PingSockets() {}

    private static native int getsockopt(int fd, int level, int name, IntByReference value, IntByReference length);

    /** {@return how many ICMP sockets for IPv4 have a receive buffer of which size, in bytes} */
    static SortedMap<Integer, Integer> receiveBuffers() throws IOException {
        SortedMap<Integer, Integer> buffers = new TreeMap<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (Path file : files) {
                int fd = Integer.parseInt(file.getFileName().toString());
                if (option(fd, SO_PROTOCOL) == IPPROTO_ICMP) {
                    buffers.merge(option(fd, SO_RCVBUF), 1, Integer::sum);
                }
            }
        }
        return buffers;
    }

    /** The value of an option; -1 for what is no socket. */
    private static int option(int fd, int name) {
        IntByReference value = new IntByReference();
        IntByReference length = new IntByReference(Integer.BYTES);
        return getsockopt(fd, SOL_SOCKET, name, value, length) == 0 ? value.getValue() : -1;
    }
}
