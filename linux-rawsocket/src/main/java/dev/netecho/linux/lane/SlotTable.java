// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.lane;

import dev.netecho.engine.SlotState;
import dev.netecho.spi.PendingEcho;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The requests of one lane by slot. A slot's number is what a packet carries: the low 16 bits are its sequence number,
 * the rest says which of the lane's identifiers it uses.
 *
 * <p>A slot in use is never given out again. Free slots are used in the order in which they were freed, and new ones are
 * preferred to those freed less than ten seconds ago, so that late answers and duplicates find the trace of their request.
 * A payload with a token may take any free slot: the token names its generation. A payload without one could be answered
 * by the late reply to an equal payload in the same slot, so it never takes a slot that another such payload used within
 * {@link #REST_WITHOUT_TOKEN_NANOS} (SPEC MAT-3).
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
final class SlotTable {
    static final int NONE = -1;

    private static final SlotState[] STATES = SlotState.values();

    /** Longer than any network of today holds a packet back, shorter than the 120 s that RFC 9293 assumes; SPEC MAT-3 names it. */
    static final long REST_WITHOUT_TOKEN_NANOS = 60_000_000_000L;

    /** Longer than the kernel looks for a neighbour: an error after that may quote too little to hold the token. */
    static final long REST_NANOS = 10_000_000_000L;

    /** Beyond this many slots memory counts for more than the rest of those that were freed. */
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
    /** Whether a payload without a token may still be answered late in this slot, though one with a token used it since. */
    private boolean[] restsWithoutToken = new boolean[FIRST_CAPACITY];

    private int[] nextFree = new int[FIRST_CAPACITY];

    SlotTable(int limit) {
        this.limit = limit;
        this.rested = new SlotList();
        this.tokenless = new SlotList();
    }

    /** {@return how many slots exist} */
    int capacity() {
        return capacity;
    }

    /** {@return how many slots are taken} */
    int inUse() {
        return inUse;
    }

    /**
     * Takes a slot, after {@link #makeRoom}.
     *
     * @return its number, or {@link #NONE} if none may be used now
     */
    int take(PendingEcho echo, boolean carriesToken, long nowNanos) {
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

    /** To be called before {@link #take}, which then needs no memory. What fails here for lack of memory has changed nothing. */
    void makeRoom() {
        if (used == capacity && used < limit) {
            grow(Math.min(limit, 2 * used));
        }
    }

    /** The capacity is what counts, and comes last: arrays that are longer already do no harm. */
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

    /** What the packet says, so that answers can be compared with it. */
    void describe(int slot, long newToken, long high, long low) {
        earlierToken[slot] = token[slot];
        token[slot] = newToken;
        destinationHigh[slot] = high;
        destinationLow[slot] = low;
    }

    /** The packet left at {@code sentNanos} by estimate, {@code sinceCall} nanoseconds after its system call began. */
    void sent(int slot, long sentNanos, int sinceCall) {
        state[slot] = (byte) SlotState.SENT.ordinal();
        time[slot] = sentNanos;
        afterCall[slot] = sinceCall;
    }

    /** Gives a slot back: {@code end} is ANSWERED or ENDED, or FREE if its packet never left. */
    @Nullable
    PendingEcho free(int slot, SlotState end, boolean carriedToken, long nowNanos) {
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

    SlotState state(int slot) {
        return slot >= 0 && slot < used ? STATES[state[slot]] : SlotState.FREE;
    }

    @Nullable
    PendingEcho pending(int slot) {
        return pending[slot];
    }

    long token(int slot) {
        return token[slot];
    }

    /** The token of the request that used the slot before, 0 if there was none. */
    long earlierToken(int slot) {
        return earlierToken[slot];
    }

    /** While SENT, when the packet was handed to the kernel, by estimate. */
    long sentNanos(int slot) {
        return time[slot];
    }

    /** While SENT, when the system call began that handed the packet to the kernel. */
    long calledNanos(int slot) {
        return time[slot] - afterCall[slot];
    }

    boolean isDestination(int slot, long high, long low) {
        return destinationHigh[slot] == high && destinationLow[slot] == low;
    }

    /** {@return one past the highest slot that was ever used} */
    int end() {
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
