// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/** What all socket addresses share: {@code struct sockaddr} of sockaddr(3type), the family first. */
public final class Sockaddr {
    /** The size of {@code struct sockaddr_storage}: room for an address of any family. */
    public static final int STORAGE_SIZE = 128;

    static final int FAMILY = 0;

    private Sockaddr() {}

    /**
     * {@return the address family, {@code AF_*} of {@link Socket}}
     *
     * @param buffer holds the address
     * @param offset where the address begins
     */
    public static int family(ByteBuffer buffer, int offset) {
        return buffer.getShort(offset + FAMILY) & 0xffff;
    }
}
