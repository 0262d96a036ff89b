// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.spi.PendingEcho;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one socket, by slot. A slot's number is what a packet carries: the low 16 bits are its sequence
 * number, the rest says which of the socket's identifiers it uses.
 *
 * <p>A slot in use is never given out again. Free slots are used in the order in which they were freed. New slots are
 * preferred to those freed less than ten seconds ago, so that late answers and duplicates still find their request's
 * data. A payload with a token may take any free slot, because the token tells the requests of a slot apart. A payload
 * without a token could be answered by the late reply to an equal payload in the same slot. So it never takes a slot
 * that another such payload used within {@link #REST_WITHOUT_TOKEN_NANOS} (SPEC MAT-3).
 *
 * <p>Times are {@link System#nanoTime} values. No method but {@link #makeRoom} allocates. Not thread-safe.
 *
 * <table>
 * <caption>States of a slot</caption>
 * <tr><th>state</th><th>meaning</th><th>a matching reply is</th></tr>
 * <tr><td>FREE</td><td>never used, or withdrawn unsent</td><td>unmatched</td></tr>
 * <tr><td>STAGED</td><td>taken, not with the kernel yet</td><td>unmatched</td></tr>
 * <tr><td>SENT</td><td>in flight</td><td>the reply</td></tr>
 * <tr><td>ANSWERED</td><td>ended by a reply</td><td>a duplicate</td></tr>
 * <tr><td>ENDED</td><td>ended otherwise</td><td>late</td></tr>
 * </table>
 */
@SuppressWarnings("EnumOrdinal") // a state takes a byte in memory, and nowhere else
public final class SlotTable {
    /** No slot. */
    public static final int NONE = -1;

    private static final SlotState[] STATES = SlotState.values();

    /** Longer than networks delay a packet, shorter than the 120 s that RFC 9293 assumes (SPEC MAT-3). */
    public static final long REST_WITHOUT_TOKEN_NANOS = 60_000_000_000L;

    /** Longer than neighbour discovery takes: an error after it may quote too little to hold the token. */
    public static final long REST_NANOS = 10_000_000_000L;

    /** Beyond this many slots, memory counts for more than a rest for freed slots. */
    private static final int ROTATION = 1 << 16;

    private static final int FIRST_CAPACITY = 1024;

    private final int limit;
    private final SlotList rested;
    private final SlotList tokenless;
    private int capacity = FIRST_CAPACITY;
    private int used;
    private int inUse;

    private @Nullable PendingEcho[] pending = new PendingEcho[FIRST_CAPACITY];
    private byte[] state = new byte[FIRST_CAPACITY];
    private long[] token = new long[FIRST_CAPACITY];
    private long[] earlierToken = new long[FIRST_CAPACITY];
    private long[] destinationHigh = new long[FIRST_CAPACITY];
    private long[] destinationLow = new long[FIRST_CAPACITY];
    private long[] time = new long[FIRST_CAPACITY];
    private int[] afterCall = new int[FIRST_CAPACITY];
    /**
     * Whether a payload without a token may still be answered late in this slot, though one with a token used it since.
     */
    private boolean[] restsWithoutToken = new boolean[FIRST_CAPACITY];

    private int[] nextFree = new int[FIRST_CAPACITY];

    /**
     * Constructs a table without requests.
     *
     * @param limit how many slots there may be, at least 1
     */
    public SlotTable(int limit) {
        this.limit = limit;
        this.rested = new SlotList();
        this.tokenless = new SlotList();
    }

    /** {@return how many slots exist} */
    public int capacity() {
        return capacity;
    }

    /** {@return how many slots are taken} */
    public int inUse() {
        return inUse;
    }

    /**
     * Takes a slot, after {@link #makeRoom}.
     *
     * @param echo the request that gets the slot
     * @param carriesToken whether its payload carries a token
     * @param nowNanos the time now
     * @return its number, or {@link #NONE} if none may be used now
     */
    public int take(PendingEcho echo, boolean carriesToken, long nowNanos) {
        int slot = carriesToken ? chooseForToken(nowNanos) : chooseWithoutToken(nowNanos);
        if (slot != NONE) {
            restsWithoutToken[slot] &= nowNanos - time[slot] < REST_WITHOUT_TOKEN_NANOS;
            inUse++;
            pending[slot] = echo;
            state[slot] = (byte) SlotState.STAGED.ordinal();
        }
        return slot;
    }

    private int chooseForToken(long nowNanos) {
        if (rested.head != NONE && (hasRested(nowNanos) || used >= Math.min(limit, ROTATION))) {
            return rested.poll();
        }
        return used < limit ? used++ : tokenless.poll();
    }

    private boolean hasRested(long nowNanos) {
        return nowNanos - time[rested.head] >= REST_NANOS;
    }

    private int chooseWithoutToken(long nowNanos) {
        if (tokenless.head != NONE && nowNanos - time[tokenless.head] >= REST_WITHOUT_TOKEN_NANOS) {
            return tokenless.poll();
        }
        if (rested.head != NONE && (hasRested(nowNanos) || used == limit)) {
            return rested.poll();
        }
        return used < limit ? used++ : NONE;
    }

    /**
     * Makes room for one more slot; to be called before {@link #take}, which then allocates nothing. Where memory is
     * short, nothing changes.
     */
    public void makeRoom() {
        if (used == capacity && used < limit) {
            grow(Math.min(limit, 2 * used));
        }
    }

    /** Sets the capacity last, because it is what counts: arrays that are already longer do no harm. */
    private void grow(int longer) {
        pending = Arrays.copyOf(pending, longer);
        state = Arrays.copyOf(state, longer);
        token = Arrays.copyOf(token, longer);
        earlierToken = Arrays.copyOf(earlierToken, longer);
        destinationHigh = Arrays.copyOf(destinationHigh, longer);
        destinationLow = Arrays.copyOf(destinationLow, longer);
        time = Arrays.copyOf(time, longer);
        afterCall = Arrays.copyOf(afterCall, longer);
        restsWithoutToken = Arrays.copyOf(restsWithoutToken, longer);
        nextFree = Arrays.copyOf(nextFree, longer);
        capacity = longer;
    }

    /**
     * Stores what the packet says, so that answers can be compared with it.
     *
     * @param slot the slot, which is taken
     * @param newToken the token, or 0 if the payload carries none
     * @param high the first half of an IPv6 destination, or 0
     * @param low the second half of an IPv6 destination, or the IPv4 destination
     */
    public void describe(int slot, long newToken, long high, long low) {
        earlierToken[slot] = token[slot];
        token[slot] = newToken;
        destinationHigh[slot] = high;
        destinationLow[slot] = low;
    }

    /**
     * Says that the system has the packet.
     *
     * @param slot the slot, which is taken
     * @param sentNanos when the packet left, by estimate
     * @param sinceCall nanoseconds from the beginning of the system call to {@code sentNanos}
     */
    public void sent(int slot, long sentNanos, int sinceCall) {
        state[slot] = (byte) SlotState.SENT.ordinal();
        time[slot] = sentNanos;
        afterCall[slot] = sinceCall;
    }

    /**
     * Gives a slot back.
     *
     * @param slot the slot, which is taken
     * @param end ANSWERED or ENDED, or FREE if the packet never left
     * @param carriedToken whether the payload carried a token
     * @param nowNanos the time now
     * @return the request that had the slot
     */
    @Nullable
    public PendingEcho free(int slot, SlotState end, boolean carriedToken, long nowNanos) {
        PendingEcho echo = pending[slot];
        pending[slot] = null;
        state[slot] = (byte) end.ordinal();
        time[slot] = nowNanos;
        inUse--;
        // A packet that never left cannot be answered late: its slot need not rest for it.
        restsWithoutToken[slot] |= !carriedToken && end != SlotState.FREE;
        (restsWithoutToken[slot] ? tokenless : rested).add(slot);
        return echo;
    }

    /**
     * {@return the state of a slot; FREE for a number that names none}
     *
     * @param slot the number
     */
    public SlotState state(int slot) {
        return slot >= 0 && slot < used ? STATES[state[slot]] : SlotState.FREE;
    }

    /**
     * {@return the request that has a slot; null if the slot is free}
     *
     * @param slot the slot
     */
    @Nullable
    public PendingEcho pending(int slot) {
        return pending[slot];
    }

    /**
     * {@return the token of the latest request of a slot; 0 if it carried none}
     *
     * @param slot the slot
     */
    public long token(int slot) {
        return token[slot];
    }

    /**
     * {@return the token of the request that had the slot before the latest; 0 if there was none}
     *
     * @param slot the slot
     */
    public long earlierToken(int slot) {
        return earlierToken[slot];
    }

    /**
     * {@return when the packet of a slot left, by estimate; only while SENT}
     *
     * @param slot the slot
     */
    public long sentNanos(int slot) {
        return time[slot];
    }

    /**
     * {@return when the system call began that sent the packet of a slot; only while SENT}
     *
     * @param slot the slot
     */
    public long calledNanos(int slot) {
        return time[slot] - afterCall[slot];
    }

    /**
     * {@return whether an address is the destination of a slot's latest request}
     *
     * @param slot the slot
     * @param high the first half of an IPv6 address, or 0
     * @param low the second half of an IPv6 address, or the IPv4 address
     */
    public boolean isDestination(int slot, long high, long low) {
        return destinationHigh[slot] == high && destinationLow[slot] == low;
    }

    /** {@return one past the highest slot that was ever used} */
    public int end() {
        return used;
    }

    /** Free slots, first in first out, linked through {@link #nextFree}. */
    private final class SlotList {
        int head = NONE;
        private int tail = NONE;

        void add(int slot) {
            nextFree[slot] = NONE;
            if (head == NONE) {
                head = slot;
            } else {
                nextFree[tail] = slot;
            }
            tail = slot;
        }

        int poll() {
            int slot = head;
            if (slot != NONE) {
                head = nextFree[slot];
            }
            return slot;
        }
    }
}
