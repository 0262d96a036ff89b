// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import java.util.PriorityQueue;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/** Packets that wait for their time. Only the responder's thread uses it, except {@link #refused}. */
final class DuePackets implements Post {
    private final Predicate<byte[]> wire;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private final AtomicLong refused = new AtomicLong();
    private long order;

    /** {@code wire} sends a packet and says whether the kernel took it. */
    DuePackets(Predicate<byte[]> wire) {
        this.wire = wire;
    }

    @Override
    public void now(byte[] packet) {
        if (!wire.test(packet)) {
            refused.incrementAndGet();
        }
    }

    @Override
    public void at(long dueNanos, byte[] packet) {
        waiting.add(new Waiting(dueNanos, order++, packet));
    }

    /** Sends what is due, at most {@code limit} packets. */
    void sendDue(long now, int limit) {
        for (int i = 0; i < limit; i++) {
            Waiting next = waiting.peek();
            if (next == null || next.dueNanos - now > 0) {
                return;
            }
            waiting.remove();
            now(next.packet);
        }
    }

    /** {@return when the next packet is due, relative to {@code now}; {@link Long#MAX_VALUE} if none waits} */
    long untilNext(long now) {
        Waiting next = waiting.peek();
        return next == null ? Long.MAX_VALUE : next.dueNanos - now;
    }

    /** {@return how many packets the kernel did not take, as while the interface is down; thread-safe} */
    long refused() {
        return refused.get();
    }

    private static final class Waiting implements Comparable<Waiting> {
        private final long dueNanos;
        private final long order;
        private final byte[] packet;

        Waiting(long dueNanos, long order, byte[] packet) {
            this.dueNanos = dueNanos;
            this.order = order;
            this.packet = packet;
        }

        @Override
        public int compareTo(Waiting other) {
            long difference = dueNanos - other.dueNanos;
            return difference == 0 ? Long.compare(order, other.order) : Long.signum(difference);
        }
    }
}
