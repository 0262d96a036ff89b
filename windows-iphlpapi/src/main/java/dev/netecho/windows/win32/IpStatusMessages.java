// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The system's own texts for values of IP_STATUS, each asked for once. Thread-safe. */
public final class IpStatusMessages {
    /** Characters, without the null that ends them: the texts of Windows have less than 80. */
    private static final int LENGTH = 256;

    private static final int LONGEST = 4_096;

    /** Before the text: the DWORD with its size, aligned. */
    private static final int SIZE = 8;

    /** More than ipexport.h has; a driver may have any number of its own. */
    private static final int MOST_KEPT = 256;

    private final @Nullable IpErrorApi errors;
    private final NativeHeap heap;
    private final Map<Integer, String> kept = new ConcurrentHashMap<>();

    /**
     * Constructs access to the texts.
     *
     * @param errors iphlpapi; null if it has no GetIpErrorString: then there are no texts
     * @param heap for the text
     */
    public IpStatusMessages(@Nullable IpErrorApi errors, NativeHeap heap) {
        this.errors = errors;
        this.heap = heap;
    }

    /**
     * {@return the text of GetIpErrorString in one line; empty if the system has none}
     *
     * @param status the IP_STATUS, known to ipexport.h or not
     */
    public String text(int status) {
        if (errors == null) {
            return "";
        }
        String known = kept.get(status);
        if (known != null) {
            return known;
        }
        String text = ask(errors, status, LENGTH);
        if (kept.size() < MOST_KEPT) {
            kept.put(status, text);
        }
        return text;
    }

    private String ask(IpErrorApi errors, int status, int length) {
        int bytes = 2 * length + 2;
        long block = heap.allocate(SIZE + bytes);
        try {
            ByteBuffer memory = heap.buffer(block, SIZE + bytes);
            byte[] utf16 = new byte[bytes];
            memory.putInt(0, length).put(SIZE, utf16);
            int error = errors.GetIpErrorString(status, block + SIZE, block);
            int needed = memory.getInt(0);
            if (error == Win32Error.ERROR_INSUFFICIENT_BUFFER && needed > length && needed <= LONGEST) {
                return ask(errors, status, needed);
            }
            if (error != 0) {
                return "";
            }
            // The size after success is not documented: the text ends at its null.
            memory.get(SIZE, utf16);
            String text = new String(utf16, 0, 2 * length, StandardCharsets.UTF_16LE);
            int end = text.indexOf('\0');
            return (end < 0 ? text : text.substring(0, end)).strip().replaceAll("\\s+", " ");
        } finally {
            heap.free(block);
        }
    }
}
