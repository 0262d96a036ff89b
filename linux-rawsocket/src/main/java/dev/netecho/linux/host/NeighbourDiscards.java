// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.host;

import dev.netecho.IpVersion;
import java.io.File;

/**
 * Counts packets that wait for the hardware address of a gateway or neighbour and are discarded because more do than
 * {@code unres_qlen_bytes} has room for: 256 small packets. The kernel drops the oldest, and no socket is told (Linux,
 * net/core/neighbour.c, __neigh_event_send). The count is {@code unresolved_discards}, of the whole host; only its
 * first network namespace has the file. Not thread-safe.
 */
final class NeighbourDiscards extends ProcCount {
    private static final String NAME = "unresolved_discards";
    private static final int HEX = 16;

    /** Reads the count for the first time, in the calling thread's network namespace. */
    NeighbourDiscards(IpVersion version, long nowNanos) {
        super(version == IpVersion.V4 ? "stat/arp_cache" : "stat/ndisc_cache");
        begin(nowNanos);
    }

    /** The same of a file. */
    NeighbourDiscards(File file, long nowNanos) {
        super(file);
        begin(nowNanos);
    }

    /** A line of names, then one of hexadecimal numbers for each processor. */
    @Override
    long count(String text) {
        String[] lines = text.split("\n", -1);
        int column = columnOf(words(lines[0]));
        long sum = -1;
        for (int i = 1; i < lines.length && column >= 0; i++) {
            String[] words = words(lines[i]);
            if (words.length > column) {
                sum = Math.max(0, sum) + Math.max(0, hexadecimal(words[column]));
            }
        }
        return sum;
    }

    private static int columnOf(String[] names) {
        for (int i = 0; i < names.length; i++) {
            if (names[i].equals(NAME)) {
                return i;
            }
        }
        return -1;
    }

    private static String[] words(String line) {
        return line.trim().split(" +", -1);
    }

    private static long hexadecimal(String text) {
        try {
            return Long.parseLong(text, HEX);
        } catch (NumberFormatException e) {
            return -1;
        }
    }
}
