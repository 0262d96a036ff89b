// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** What the kernel looks at when it allows or refuses ICMP sockets, read from /proc for the error message. */
final class ProcessRights {
    private static final Path STATUS = Path.of("/proc/self/status");
    private static final Path RANGE = Path.of("/proc/sys/net/ipv4/ping_group_range");
    private static final int CAP_NET_RAW = 13;

    private ProcessRights() {}

    /** {@return effective user and groups, ping_group_range and CAP_NET_RAW of this process} */
    static String describe() {
        List<String> status = lines(STATUS);
        return "effective uid " + id(status, "Uid:") + ", effective gid " + id(status, "Gid:") + ", groups ["
                + field(status, "Groups:").orElse("?") + "], net.ipv4.ping_group_range \""
                + String.join(" ", String.join(" ", lines(RANGE)).trim().split("\\s+")) + "\", CAP_NET_RAW "
                + capability(status);
    }

    /** The second number of "Uid:" and "Gid:" is the effective one; proc(5). */
    private static String id(List<String> status, String name) {
        return field(status, name)
                .map(text -> text.split("\\s+"))
                .filter(ids -> ids.length > 1)
                .map(ids -> ids[1])
                .orElse("?");
    }

    private static String capability(List<String> status) {
        return field(status, "CapEff:")
                .map(mask -> (Long.parseUnsignedLong(mask, 16) >>> CAP_NET_RAW & 1) != 0 ? "yes" : "no")
                .orElse("?");
    }

    private static Optional<String> field(List<String> status, String name) {
        return status.stream()
                .filter(line -> line.startsWith(name))
                .map(line -> line.substring(name.length()).trim())
                .findFirst();
    }

    /**
     * One large read: files below /proc/sys end at the second read(2), whatever is left, and {@code Files.readString} reads
     * a single byte first.
     */
    private static List<String> lines(Path file) {
        try (InputStream in = new FileInputStream(file.toFile())) {
            byte[] bytes = new byte[8192];
            int length = Math.max(0, in.read(bytes));
            return Arrays.asList(new String(bytes, 0, length, StandardCharsets.US_ASCII).split("\n"));
        } catch (IOException e) {
            return List.of("unreadable"); // the message says so; it is an explanation, not a decision
        }
    }
}
