// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.libc;

import java.nio.ByteBuffer;

/**
 * {@code struct epoll_event} of epoll_event(3type): packed on x86-64 only.
 *
 * <pre>
 * x86-64  others
 *  0       0  events  u32
 *  4       8  data    u64
 * </pre>
 */
public final class EpollEvent {
    /** The size in bytes, which is also the distance of two elements of an array. */
    public static final int SIZE = Architecture.currentOrGeneric().epollEventSize;

    static final int EVENTS = 0;
    static final int DATA = Architecture.currentOrGeneric().epollEventDataOffset;

    private EpollEvent() {}

    /**
     * Writes both fields.
     *
     * @param buffer takes the structure
     * @param offset where it begins
     * @param events EPOLL* of {@link Epoll}
     * @param data what epoll_wait(2) is to return
     */
    public static void put(ByteBuffer buffer, int offset, int events, long data) {
        buffer.putInt(offset + EVENTS, events);
        buffer.putLong(offset + DATA, data);
    }

    /** {@return EPOLL* of {@link Epoll}} */
    public static int events(ByteBuffer buffer, int offset) {
        return buffer.getInt(offset + EVENTS);
    }

    /** {@return what was registered together with the descriptor} */
    public static long data(ByteBuffer buffer, int offset) {
        return buffer.getLong(offset + DATA);
    }
}
