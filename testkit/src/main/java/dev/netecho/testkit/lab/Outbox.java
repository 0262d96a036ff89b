// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.testkit.wire.PacketBuilder;
import java.util.HashMap;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Packets that wait for their time, and what behaviours remember of earlier requests.
 *
 * <p>Used by the responder's thread alone, but for {@link #forget} and {@link #refused}.
 */
final class Outbox {
    private final Predicate<byte[]> wire;
    private final PriorityQueue<Waiting> waiting = new PriorityQueue<>();
    private final AtomicIntegerArray requests = new AtomicIntegerArray(2 * LabAddress.COUNT);
    private final Map<Integer, Long> gates = new HashMap<>();
    private long order;
    private long nowNanos;
    private final AtomicLong refused = new AtomicLong();

    /** {@code wire} sends a packet and says whether the kernel took it. */
    Outbox(Predicate<byte[]> wire) {
        this.wire = wire;
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

    /**
     * {@return when the gate opens, as {@link System#nanoTime}; one that has been open is shut again by this request}
     *
     * @param gate any number
     * @param millis how long it stays shut from the first request on
     */
    long gate(int gate, long millis) {
        Long opens = gates.get(gate);
        if (opens == null || opens - nowNanos <= 0) {
            opens = nowNanos + TimeUnit.MILLISECONDS.toNanos(millis);
            gates.put(gate, opens);
        }
        return opens;
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

    /** {@return how many packets the kernel did not take, as while the interface is down; thread-safe} */
    long refused() {
        return refused.get();
    }

    private void write(byte[] packet) {
        if (!wire.test(packet)) {
            refused.incrementAndGet();
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
