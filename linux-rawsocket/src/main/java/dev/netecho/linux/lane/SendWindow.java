// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

/**
 * Keeps the answers that may arrive at once within what the receive buffer holds (SPEC LOAD-2).
 *
 * <p>Every request is charged with what its reply will cost in the buffer ({@link ReceiveCost}), from the moment it is sent until it is answered
 * or {@link #MEMORY_NANOS} old. So hosts that answer within that time can never overflow the buffer, however long this
 * process sleeps; slower hosts can only if it sleeps longer than that; and silent hosts slow the lane down to one buffer
 * per {@link #MEMORY_NANOS} instead of stopping it until their timeouts.
 */
final class SendWindow {
    private static final int SHIFT = 24;
    private static final int BUCKETS = 8;

    /** 8 buckets of 2<sup>24</sup> ns: 134 ms. */
    static final long MEMORY_NANOS = (long) BUCKETS << SHIFT;

    private final ReceiveCost cost;
    private final long capacity;
    private long limit;
    private final long[] charged = new long[BUCKETS];
    private long newest;
    private long total;

    SendWindow(int receiveCapacity, ReceiveCost cost, long nowNanos) {
        // An eighth is left for what we do not expect: duplicates, strays, ICMP errors.
        this.capacity = receiveCapacity - receiveCapacity / 8L;
        this.cost = cost;
        this.limit = cost.modelledBytes(capacity);
        this.newest = nowNanos >> SHIFT;
    }

    /** Takes in what was learnt of the cost of answers, and forgets what is older than {@link #MEMORY_NANOS}. To be called after receiving, with a time from before it. */
    void advance(long nowNanos) {
        limit = cost.modelledBytes(capacity);
        forget(nowNanos);
    }

    private void forget(long nowNanos) {
        long now = nowNanos >> SHIFT;
        if (now - newest >= BUCKETS) {
            for (int i = 0; i < BUCKETS; i++) {
                charged[i] = 0;
            }
            total = 0;
            newest = now;
        }
        while (newest < now) {
            newest++;
            int reused = (int) (newest & BUCKETS - 1);
            total -= charged[reused];
            charged[reused] = 0;
        }
    }

    /** {@return whether one more may be sent beside what is staged already; a single one always may, however large} */
    boolean admits(long staged, int charge) {
        return total + staged == 0 || total + staged + charge <= limit;
    }

    void charge(long sentNanos, int charge) {
        forget(sentNanos);
        charged[(int) (newest & BUCKETS - 1)] += charge;
        total += charge;
    }

    void release(long sentNanos, int charge) {
        long bucket = sentNanos >> SHIFT;
        if (newest - bucket < BUCKETS) {
            charged[(int) (bucket & BUCKETS - 1)] -= charge;
            total -= charge;
        }
    }

    /** {@return when the oldest charge will be forgotten} */
    long nextNanos() {
        for (int age = BUCKETS - 1; age >= 0; age--) {
            if (charged[(int) (newest - age & BUCKETS - 1)] > 0) {
                return (newest - age + BUCKETS) << SHIFT;
            }
        }
        return Long.MAX_VALUE;
    }
}
