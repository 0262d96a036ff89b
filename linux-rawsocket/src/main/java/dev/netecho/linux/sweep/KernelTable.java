// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.sweep;

import dev.netecho.linux.host.Dump;
import dev.netecho.linux.libc.NetlinkMessage;
import dev.netecho.linux.socket.SystemCallException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads whole tables of the kernel through netlink(7), again if they change meanwhile. */
final class KernelTable {
    private static final int ATTEMPTS = 5;

    /** More than ten million routes. */
    private static final int MOST_READS = 1 << 18;

    private KernelTable() {}

    /** Reads one message; null if it does not matter. */
    interface Entry<T> {
        @Nullable
        T read(ByteBuffer buffer, int message);
    }

    /** {@return the entries that matter, in the kernel's order} */
    static <T> List<T> read(int protocol, int question, int answer, int family, int fixed, Entry<T> entry)
            throws IOException {
        for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
            List<T> entries = new ArrayList<>();
            int end = Dump.read(
                    protocol,
                    MOST_READS,
                    buffer -> NetlinkMessage.putDump(buffer, question, family, fixed),
                    (buffer, message) -> {
                        T read = NetlinkMessage.type(buffer, message) == answer ? entry.read(buffer, message) : null;
                        if (read != null) {
                            entries.add(read);
                        }
                        return true;
                    });
            if (end == Dump.WHOLE) {
                return entries;
            }
            if (end > 0) {
                throw new SystemCallException("netlink(7), question " + question, end);
            }
        }
        throw new IOException("routes or policies of this host keep changing; use the way requester");
    }
}
