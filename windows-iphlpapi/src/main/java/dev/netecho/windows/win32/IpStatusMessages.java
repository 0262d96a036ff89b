// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import com.sun.jna.Memory;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The system's own texts for values of IP_STATUS, each asked for once. Thread-safe. */
public final class IpStatusMessages {
    /** Characters, without the null that ends them: the texts of Windows have less than 80. */
    private static final int LENGTH = 256;

    private static final int LONGEST = 4_096;

    /** More than ipexport.h has; a driver may have any number of its own. */
    private static final int MOST_KEPT = 256;

    private final @Nullable IpErrorApi errors;
    private final Map<Integer, String> kept = new ConcurrentHashMap<>();

    /**
     * Constructs access to the texts.
     *
     * @param errors iphlpapi; null if it has no GetIpErrorString: then there are no texts
     */
    public IpStatusMessages(@Nullable IpErrorApi errors) {
        this.errors = errors;
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

    private static String ask(IpErrorApi errors, int status, int length) {
        int bytes = 2 * length;
        try (Memory buffer = new Memory(bytes + 2L);
                Memory size = new Memory(Integer.BYTES)) {
            buffer.clear();
            size.setInt(0, length);
            int error = errors.GetIpErrorString(status, buffer, size);
            int needed = size.getInt(0);
            if (error == Win32Error.ERROR_INSUFFICIENT_BUFFER && needed > length && needed <= LONGEST) {
                return ask(errors, status, needed);
            }
            if (error != 0) {
                return "";
            }
            // The size after success is not documented: the text ends at its null.
            String text = new String(buffer.getByteArray(0, bytes), StandardCharsets.UTF_16LE);
            int end = text.indexOf('\0');
            return (end < 0 ? text : text.substring(0, end)).strip().replaceAll("\\s+", " ");
        }
    }
}
