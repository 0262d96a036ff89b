// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;

/** The system's own texts for error numbers. Thread-safe. */
public final class SystemMessages {
    private static final int FORMAT_MESSAGE_IGNORE_INSERTS = 0x200;
    private static final int FORMAT_MESSAGE_FROM_SYSTEM = 0x1000;
    private static final int LENGTH = 512;

    private final KernelApi kernel;

    /**
     * Constructs access to the texts.
     *
     * @param kernel kernel32
     */
    public SystemMessages(KernelApi kernel) {
        this.kernel = kernel;
    }

    /**
     * {@return the text of FormatMessageW in one line; empty if the system has none}
     *
     * @param win32Error a Win32 error. Not an IP_STATUS, which {@link IpStatusMessages} has: from 11001 on the texts of
     *     FormatMessageW are those of name resolution.
     */
    public String text(int win32Error) {
        try (Memory buffer = new Memory(2L * LENGTH)) {
            int length = kernel.FormatMessageW(
                    FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_IGNORE_INSERTS,
                    null,
                    win32Error,
                    0,
                    buffer,
                    LENGTH,
                    null);
            byte[] text = buffer.getByteArray(0, 2 * Math.max(0, Math.min(length, LENGTH)));
            return new String(text, StandardCharsets.UTF_16LE).strip().replaceAll("\\s+", " ");
        }
    }
}
