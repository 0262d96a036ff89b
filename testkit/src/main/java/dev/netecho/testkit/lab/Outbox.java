// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

import dev.netecho.testkit.wire.PacketBuilder;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicIntegerArray;

/**
 * Takes the answers of behaviours, and holds what these remember of earlier requests. Only {@link #forget} is
 * thread-safe.
 */
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

    /** Sends a packet so many milliseconds after the request that is being answered was read. */
    void after(long millis, PacketBuilder packet) {
        if (millis <= 0) {
            now(packet);
            return;
        }
        at(nowNanos + TimeUnit.MILLISECONDS.toNanos(millis), packet);
    }

    /**
     * Sends a packet at a time of the clock that requests are stamped with; packets of one time go out in the order of
     * these calls.
     */
    void at(long dueNanos, PacketBuilder packet) {
        post.at(dueNanos, packet.build());
    }

    /**
     * {@return when the gate opens; one that has been open is shut again by this request}
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
