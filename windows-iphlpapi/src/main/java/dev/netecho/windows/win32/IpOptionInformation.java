// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.nio.ByteBuffer;

/**
 * {@code IP_OPTION_INFORMATION} of ipexport.h.
 *
 * <pre>
 * x64 x86
 *  0   0  Ttl          u8
 *  1   1  Tos          u8; Windows ignores it silently
 *  2   2  Flags        u8
 *  3   3  OptionsSize  u8
 *  8   4  OptionsData  pointer
 * 16   8  size
 * </pre>
 *
 * <p>A 64-bit caller uses this structure and not IP_OPTION_INFORMATION32, which is the kernel's for 32-bit callers.
 */
public final class IpOptionInformation {
    /** Flags: don't fragment; IPv4 only. */
    public static final int IP_FLAG_DF = 2;

    /** The most bytes of options an IPv4 header has room for (RFC 791). */
    public static final int MAX_OPTIONS_SIZE = 40;

    static final int TTL = 0;
    static final int TOS = 1;
    static final int FLAGS = 2;
    static final int OPTIONS_SIZE = 3;

    private IpOptionInformation() {}

    /** {@return the size in bytes} */
    public static int size(PointerWidth width) {
        return 2 * width.bytes();
    }

    static int optionsData(PointerWidth width) {
        return width.bytes();
    }

    /**
     * Writes every field.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param width the layout
     * @param ttl 1 to 255; 0 is the system's default for IPv4 and an error for IPv6
     * @param tos 0 to 255
     * @param flags {@link #IP_FLAG_DF} or 0
     * @param optionsSize bytes of IP options, 0 to {@link #MAX_OPTIONS_SIZE}
     * @param optionsData their address, or 0
     */
    public static void put(
            ByteBuffer buffer,
            int offset,
            PointerWidth width,
            int ttl,
            int tos,
            int flags,
            int optionsSize,
            long optionsData) {
        buffer.put(offset + TTL, (byte) ttl);
        buffer.put(offset + TOS, (byte) tos);
        buffer.put(offset + FLAGS, (byte) flags);
        buffer.put(offset + OPTIONS_SIZE, (byte) optionsSize);
        width.put(buffer, offset + optionsData(width), optionsData);
    }
}
