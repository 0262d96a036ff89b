// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;

/** The kinds of buffer that packets arrive in. */
enum BufferKind {
    HEAP_BIG_ENDIAN(false, ByteOrder.BIG_ENDIAN),
    HEAP_LITTLE_ENDIAN(false, ByteOrder.LITTLE_ENDIAN),
    DIRECT_BIG_ENDIAN(true, ByteOrder.BIG_ENDIAN),
    DIRECT_LITTLE_ENDIAN(true, ByteOrder.LITTLE_ENDIAN);

    private static final byte LEAD = 0x5a;

    private final boolean direct;
    private final ByteOrder order;

    BufferKind(boolean direct, ByteOrder order) {
        this.direct = direct;
        this.order = order;
    }

    /** {@return an empty buffer of this kind} */
    ByteBuffer allocate(int capacity) {
        return (direct ? ByteBuffer.allocateDirect(capacity) : ByteBuffer.allocate(capacity)).order(order);
    }

    /** {@return the packet from index {@code offset} to the very end, so that reading further throws} */
    ByteBuffer holding(byte[] packet, int offset) {
        byte[] lead = new byte[offset];
        Arrays.fill(lead, LEAD);
        return allocate(offset + packet.length).put(0, lead).put(offset, packet);
    }
}
