// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import java.util.Arrays;

/**
 * A timer wheel over numbered entries: arm and disarm in constant time, no allocation but growth, never early.
 *
 * <p>An entry is an index the owner chooses, such as a slot number. Times are {@link System#nanoTime} values. A bucket
 * is 2<sup>20</sup> ns wide, so an entry expires at most about one millisecond after its deadline when {@link #expired}
 * is called at {@link #nextNanos}. A deadline beyond the wheel's span waits in the last bucket and moves on from there.
 * Not thread-safe.
 */
public final class DeadlineWheel {
    private static final int TICK_SHIFT = 20;
    private static final int BUCKETS = 4096;
    private static final int MASK = BUCKETS - 1;
    private static final int NONE = -1;

    private final long origin;
    private final int[] heads = new int[BUCKETS];
    private final long[] occupied = new long[BUCKETS / Long.SIZE];
    private int[] next;
    private int[] previous;
    private int[] bucket;
    private long[] deadline;
    private long tick;
    private int cursor = NONE;
    private long scanNanos;
    private boolean rescan;
    private int armed;

    /**
     * Constructs a wheel.
     *
     * @param capacity entries 0 to {@code capacity - 1} may be armed at first
     * @param nowNanos the time now
     */
    public DeadlineWheel(int capacity, long nowNanos) {
        this.origin = nowNanos;
        this.next = new int[capacity];
        this.previous = new int[capacity];
        this.bucket = filled(capacity);
        this.deadline = new long[capacity];
        Arrays.fill(heads, NONE);
    }

    /**
     * Makes room for more entries.
     *
     * @param capacity entries 0 to {@code capacity - 1} may be armed from now on
     */
    public void grow(int capacity) {
        int before = bucket.length;
        // Memory may run out between two of them: nothing changes until all are there.
        int[] newNext = Arrays.copyOf(next, capacity);
        int[] newPrevious = Arrays.copyOf(previous, capacity);
        int[] newBucket = Arrays.copyOf(bucket, capacity);
        Arrays.fill(newBucket, before, capacity, NONE);
        deadline = Arrays.copyOf(deadline, capacity);
        next = newNext;
        previous = newPrevious;
        bucket = newBucket;
    }

    /** {@return how many entries there is room for} */
    public int capacity() {
        return bucket.length;
    }

    /** {@return how many entries are armed} */
    public int armed() {
        return armed;
    }

    /**
     * Arms an entry that is not armed.
     *
     * @param entry the entry
     * @param deadlineNanos when it expires
     */
    public void arm(int entry, long deadlineNanos) {
        if (bucket[entry] != NONE) {
            throw new IllegalStateException("entry " + entry + " is already armed");
        }
        deadline[entry] = deadlineNanos;
        insert(entry);
        armed++;
        if (bucket[entry] == (int) (tick & MASK)) {
            rescan = true;
        }
    }

    /**
     * Disarms an entry; without effect if it is not armed.
     *
     * @param entry the entry
     */
    public void disarm(int entry) {
        if (bucket[entry] != NONE) {
            remove(entry);
            armed--;
        }
    }

    /**
     * Takes one entry whose deadline has come and disarms it.
     *
     * @param nowNanos the time now
     * @return the entry, or -1 if none is due
     */
    public int expired(long nowNanos) {
        if (armed == 0) {
            advance(nowNanos);
            return NONE;
        }
        long nowTick = tickOf(nowNanos);
        while (true) {
            if (cursor == NONE) {
                cursor = heads[(int) (tick & MASK)];
                scanNanos = nowNanos;
                rescan = false;
            }
            while (cursor != NONE) {
                int entry = cursor;
                cursor = next[entry];
                if (deadline[entry] - nowNanos <= 0) {
                    remove(entry);
                    armed--;
                    return entry;
                }
                // Not due: its deadline is beyond the wheel's span, or within this tick but still to come.
                relocate(entry);
            }
            if (rescan || scanNanos != nowNanos) {
                // Before the cursor an entry was armed, or has come due since an earlier call looked at it. Leaving the
                // bucket now would leave it there for a whole turn of the wheel.
                continue;
            }
            if (tick >= nowTick) {
                return NONE;
            }
            tick = Math.min(nowTick, nextOccupiedTick(tick + 1, nowTick));
        }
    }

    /**
     * Tells an empty wheel the time; without effect if anything is armed. Call it before the first entry is armed after
     * a rest: otherwise {@link #expired} goes through all that time turn by turn.
     *
     * @param nowNanos the time now, or of a moment ago
     */
    public void advance(long nowNanos) {
        if (armed == 0) {
            tick = Math.max(tick, tickOf(nowNanos));
            cursor = NONE;
        }
    }

    /**
     * {@return when an entry expires that is armed}
     *
     * @param entry the entry
     */
    public long deadlineNanos(int entry) {
        return deadline[entry];
    }

    /** {@return when {@link #expired} is to be called next; {@link Long#MAX_VALUE} if nothing is armed} */
    public long nextNanos() {
        if (armed == 0) {
            return Long.MAX_VALUE;
        }
        long due = nextOccupiedTick(tick, tick + BUCKETS);
        // The end of the bucket: by then every deadline inside it has come, and one wake-up serves them all.
        return origin + ((due + 1) << TICK_SHIFT);
    }

    private void relocate(int entry) {
        int where = bucketOf(deadline[entry]);
        if (where != bucket[entry]) {
            remove(entry);
            insert(entry);
        }
    }

    private long tickOf(long nanoTime) {
        return (nanoTime - origin) >> TICK_SHIFT;
    }

    private int bucketOf(long deadlineNanos) {
        long due = Math.max(tickOf(deadlineNanos), tick);
        return (int) (Math.min(due, tick + BUCKETS - 1) & MASK);
    }

    private void insert(int entry) {
        int where = bucketOf(deadline[entry]);
        int head = heads[where];
        next[entry] = head;
        previous[entry] = NONE;
        if (head != NONE) {
            previous[head] = entry;
        }
        heads[where] = entry;
        bucket[entry] = where;
        occupied[where >> 6] |= 1L << where;
    }

    private void remove(int entry) {
        int where = bucket[entry];
        int after = next[entry];
        int before = previous[entry];
        if (cursor == entry) {
            cursor = after;
        }
        if (after != NONE) {
            previous[after] = before;
        }
        if (before != NONE) {
            next[before] = after;
        } else {
            heads[where] = after;
            if (after == NONE) {
                occupied[where >> 6] &= ~(1L << where);
            }
        }
        bucket[entry] = NONE;
    }

    /** The first tick from {@code from} on whose bucket holds something, or {@code limit}. */
    private long nextOccupiedTick(long from, long limit) {
        for (long at = from; at < limit; ) {
            int where = (int) (at & MASK);
            long word = occupied[where >> 6] >>> where;
            if (word != 0) {
                return Math.min(limit, at + Long.numberOfTrailingZeros(word));
            }
            at += Long.SIZE - (where & (Long.SIZE - 1));
        }
        return limit;
    }

    private static int[] filled(int capacity) {
        int[] array = new int[capacity];
        Arrays.fill(array, NONE);
        return array;
    }
}
