// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

/**
 * Keeps the answers that may arrive at once within what the receive buffer holds (SPEC LOAD-2).
 *
 * <p>Each request is charged with what its reply will cost in the buffer, from the moment it is sent until it is
 * answered or {@link #MEMORY_NANOS} old. So hosts that answer within that time can never overflow the buffer, however
 * long this process sleeps. Slower hosts can only if it sleeps longer than that. Silent hosts slow the socket down to
 * one buffer per {@link #MEMORY_NANOS}, instead of stopping it until their timeouts.
 *
 * <p>Times are {@link System#nanoTime} values. Not thread-safe.
 */
public final class SendWindow {
    private static final int SHIFT = 24;
    private static final int BUCKETS = 8;

    /** 8 buckets of 2<sup>24</sup> ns: 134 ms. */
    public static final long MEMORY_NANOS = (long) BUCKETS << SHIFT;

    private long limit;
    private final long[] charged = new long[BUCKETS];
    private long newest;
    private long total;

    /**
     * Constructs a window without charges.
     *
     * @param capacity how many bytes of answers the receive buffer holds
     * @param nowNanos the time now
     */
    public SendWindow(long capacity, long nowNanos) {
        this.limit = withReserve(capacity);
        this.newest = nowNanos >> SHIFT;
    }

    /** An eighth is reserved for duplicates, strays and ICMP errors. */
    private static long withReserve(long capacity) {
        return capacity - capacity / 8;
    }

    /**
     * Forgets what is older than {@link #MEMORY_NANOS}; to be called after receiving.
     *
     * @param nowNanos a time from before receiving
     * @param capacity how many bytes of answers the receive buffer holds, by what is known of their cost now
     */
    public void advance(long nowNanos, long capacity) {
        limit = withReserve(capacity);
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

    /**
     * {@return whether one more request may be sent; a single one always may, however large}
     *
     * @param staged the bytes of those that are about to be sent with it
     * @param charge the bytes of its answer
     */
    public boolean admits(long staged, int charge) {
        return total + staged == 0 || total + staged + charge <= limit;
    }

    /**
     * Charges a request that was sent.
     *
     * @param sentNanos when it was sent
     * @param charge the bytes of its answer
     */
    public void charge(long sentNanos, int charge) {
        forget(sentNanos);
        charged[(int) (newest & BUCKETS - 1)] += charge;
        total += charge;
    }

    /**
     * Releases the charge of a request that is over.
     *
     * @param sentNanos when it was sent
     * @param charge what it was charged with
     */
    public void release(long sentNanos, int charge) {
        long bucket = sentNanos >> SHIFT;
        if (newest - bucket < BUCKETS) {
            charged[(int) (bucket & BUCKETS - 1)] -= charge;
            total -= charge;
        }
    }

    /** {@return when the oldest charge will be forgotten; {@link Long#MAX_VALUE} if there is none} */
    public long nextNanos() {
        for (int age = BUCKETS - 1; age >= 0; age--) {
            if (charged[(int) (newest - age & BUCKETS - 1)] > 0) {
                return (newest - age + BUCKETS) << SHIFT;
            }
        }
        return Long.MAX_VALUE;
    }
}
