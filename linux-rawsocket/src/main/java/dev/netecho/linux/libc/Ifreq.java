// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/**
 * {@code struct ifreq} of netdevice(7), for the index, the name or the flags of an interface.
 *
 * <pre>
 *  0 ifr_name     16 bytes, ended by a zero
 * 16 ifr_ifindex  int, or
 * 16 ifr_flags    short
 * </pre>
 */
public final class Ifreq {
    /** The size in bytes. */
    public static final int SIZE = 40;

    /** The ioctl(2) that fills in the index. */
    public static final long SIOCGIFINDEX = 0x8933;

    /** The ioctl(2) that fills in the name; ENODEV if no interface has the index. */
    public static final long SIOCGIFNAME = 0x8910;

    /** The ioctl(2) that fills in the flags. */
    public static final long SIOCGIFFLAGS = 0x8913;

    /** The flag of an interface that is not set down. */
    public static final int IFF_UP = 1;

    /** The room for a name, its final zero included. */
    public static final int IFNAMSIZ = 16;

    private Ifreq() {}

    /** Writes the name into a zeroed structure at the start of a buffer; no interface has a name that is too long. */
    public static void putName(ByteBuffer buffer, String name) {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        buffer.put(0, bytes, 0, Math.min(bytes.length, IFNAMSIZ - 1));
    }

    /** {@return the name at the start of a buffer} */
    public static String name(ByteBuffer buffer) {
        byte[] bytes = new byte[IFNAMSIZ];
        buffer.get(0, bytes);
        int length = 0;
        while (length < IFNAMSIZ && bytes[length] != 0) {
            length++;
        }
        return new String(bytes, 0, length, StandardCharsets.UTF_8);
    }

    /** Writes the index into a zeroed structure at the start of a buffer. */
    public static void putIndex(ByteBuffer buffer, int index) {
        buffer.putInt(IFNAMSIZ, index);
    }

    /** {@return the index of the interface, above 0} */
    public static int index(ByteBuffer buffer) {
        return buffer.getInt(IFNAMSIZ);
    }

    /** {@return the flags} */
    public static int flags(ByteBuffer buffer) {
        return buffer.getShort(IFNAMSIZ);
    }
}
