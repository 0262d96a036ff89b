// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.charset.StandardCharsets;

/** The system's own texts for error numbers. Thread-safe. */
public final class SystemMessages {
    private static final int FORMAT_MESSAGE_IGNORE_INSERTS = 0x200;
    private static final int FORMAT_MESSAGE_FROM_SYSTEM = 0x1000;
    private static final int LENGTH = 512;

    private final KernelApi kernel;
    private final NativeHeap heap;

    /**
     * Constructs access to the texts.
     *
     * @param kernel kernel32
     * @param heap for the text
     */
    public SystemMessages(KernelApi kernel, NativeHeap heap) {
        this.kernel = kernel;
        this.heap = heap;
    }

    /**
     * {@return the text of FormatMessageW in one line; empty if the system has none}
     *
     * @param win32Error a Win32 error. Not an IP_STATUS, which {@link IpStatusMessages} has: from 11001 on the texts of
     *     FormatMessageW are those of name resolution.
     */
    public String text(int win32Error) {
        long buffer = heap.allocate(2 * LENGTH);
        try {
            int length = kernel.FormatMessageW(
                    FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS, 0, win32Error, 0, buffer, LENGTH, 0);
            byte[] text = new byte[2 * Math.max(0, Math.min(length, LENGTH))];
            heap.buffer(buffer, 2 * LENGTH).get(0, text);
            return new String(text, StandardCharsets.UTF_16LE).strip().replaceAll("\\s+", " ");
        } finally {
            heap.free(buffer);
        }
    }
}
