// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Packets that wait for their time, and what behaviours remember of earlier requests.
 *
 * <p>Used by the responder's thread alone, but for {@link #forget}.
 */
final class Outbox {
    private final TunDevice device;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private final AtomicIntegerArray requests = new AtomicIntegerArray(2 * LabAddress.COUNT);
    private long order;
    private long nowNanos;
    private long refused;

    Outbox(TunDevice device) {
        this.device = device;
    }

    /** Sends a packet at once. */
    void now(PacketBuilder packet) {
        write(packet.build());
    }

    /** Sends a packet so many milliseconds after the request that is being answered was read. */
    void after(long millis, PacketBuilder packet) {
        if (millis <= 0) {
            now(packet);
            return;
        }
        at(nowNanos + TimeUnit.MILLISECONDS.toNanos(millis), packet);
    }

    /** Sends a packet at a time of {@link System#nanoTime}; packets of one time go out in the order of these calls. */
    void at(long dueNanos, PacketBuilder packet) {
        waiting.add(new Waiting(dueNanos, order++, packet.build()));
    }

    /** {@return the how-manieth request to its destination this is, from 1 on; counts it when asked} */
    int count(ReceivedEcho echo) {
        return requests.incrementAndGet(echo.number() + (echo.ipv4() ? 0 : LabAddress.COUNT));
    }

    /** Every destination's next request is its first again. Thread-safe. */
    void forget() {
        for (int i = 0; i < requests.length(); i++) {
            requests.set(i, 0);
        }
    }

    /** Sets the time that {@link #after} counts from. */
    void answering(ReceivedEcho echo) {
        nowNanos = echo.nanos();
    }

    /** Sends what is due, at most {@code limit} packets. */
    void sendDue(long now, int limit) {
        for (int i = 0; i < limit; i++) {
            Waiting next = waiting.peek();
            if (next == null || next.dueNanos - now > 0) {
                return;
            }
            waiting.remove();
            write(next.packet);
        }
    }

    /** {@return when the next packet is due, relative to {@code now}; {@link Long#MAX_VALUE} if none waits} */
    long untilNext(long now) {
        Waiting next = waiting.peek();
        return next == null ? Long.MAX_VALUE : next.dueNanos - now;
    }

    /** {@return how many packets the kernel did not take, as while the interface is down} */
    long refused() {
        return refused;
    }

    private void write(byte[] packet) {
        if (!device.write(packet)) {
            refused++;
        }
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
