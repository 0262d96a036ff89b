// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.testkit.wire.PacketBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/** Takes the answers of behaviours, and holds their memory of earlier requests. Only {@link #forget} is thread-safe. */
final class Outbox {
    private final Post post;
    private final AtomicIntegerArray requests = new AtomicIntegerArray(2 * LabAddress.COUNT);
    private final Map<Integer, Long> gates = new ConcurrentHashMap<>();
    private volatile boolean counted;
    private long nowNanos;

    Outbox(Post post) {
        this.post = post;
    }

    /** Sends a packet at once. */
    void now(PacketBuilder packet) {
        post.now(packet.build());
    }

    /** Sends a packet some milliseconds after the current request was read. */
    void after(long millis, PacketBuilder packet) {
        if (millis <= 0) {
            now(packet);
            return;
        }
        at(nowNanos + TimeUnit.MILLISECONDS.toNanos(millis), packet);
    }

    /**
     * Sends a packet at a time of the clock that stamps requests; packets of the same time go out in the order of these
     * calls.
     */
    void at(long dueNanos, PacketBuilder packet) {
        post.at(dueNanos, packet.build());
    }

    /**
     * {@return when the gate opens; this request shuts a gate that has been open}
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

    /** {@return the number of this request among those to its destination, from 1; counts it} */
    int count(ReceivedEcho echo) {
        int number = requests.incrementAndGet(echo.number() + (echo.ipv4() ? 0 : LabAddress.COUNT));
        counted = true;
        return number;
    }

    /** Every destination's next request is its first again, and every gate is open. Thread-safe. */
    void forget() {
        gates.clear();
        if (!counted) {
            return;
        }
        counted = false;
        for (int i = 0; i < requests.length(); i++) {
            requests.set(i, 0);
        }
    }

    /** Sets the time that {@link #after} counts from. */
    void answering(ReceivedEcho echo) {
        nowNanos = echo.nanos();
    }
}
