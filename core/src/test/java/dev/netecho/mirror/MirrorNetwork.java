// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.mirror;

import dev.netecho.packet.IcmpEcho;
import java.nio.ByteBuffer;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/** What an operating system is to a real backend: takes packets, and has those that arrived. */
final class MirrorNetwork {
    /** Hosts of 192.0.2.0/24 (RFC 5737) by their last number; all others answer each request once. */
    static final int SILENT = 2;

    static final int TWICE = 3;
    static final int ALTERS = 4;

    private final Queue<ByteBuffer> arrived = new ConcurrentLinkedQueue<>();

    /** Takes an echo request, and lets its answers arrive at once. */
    void send(ByteBuffer request, byte[] destination) {
        int host = destination[3];
        int answers = host == SILENT ? 0 : host == TWICE ? 2 : 1;
        for (int i = 0; i < answers; i++) {
            ByteBuffer reply = ByteBuffer.allocate(request.capacity());
            reply.put(0, request, 0, request.capacity());
            reply.put(IcmpEcho.TYPE_OFFSET, (byte) 0); // RFC 792: echo reply
            if (host == ALTERS) {
                int last = reply.capacity() - 1;
                reply.put(last, (byte) ~reply.get(last));
            }
            IcmpEcho.putChecksum(reply, 0, reply.capacity());
            arrived.add(ByteBuffer.allocate(4 + reply.capacity())
                    .put(destination)
                    .put(reply)
                    .flip());
        }
    }

    /** {@return the next packet, which begins with its source address; null if there is none} */
    @Nullable
    ByteBuffer receive() {
        return arrived.poll();
    }
}
