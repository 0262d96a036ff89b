// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

/** What keeps a socket from sending: no room in the kernel, a full window, the requester's pace, or no slot. */
final class SendGate {
    /** A queue that dropped the packet (ENOBUFS) never signals that there is room: only trying again tells. */
    private static final long DROPPED_RETRY_NANOS = 1_000_000;

    /** EPOLLOUT follows a full send buffer (EAGAIN); the timer is there in case it was missed. */
    private static final long FULL_RETRY_NANOS = 20_000_000;

    /**
     * How often in a row EPOLLOUT is believed although EAGAIN follows: a system that reports both would keep the loop
     * busy.
     */
    private static final int FULL_IN_VAIN = 16;

    private long waitUntil;
    private long refusedSince;
    private long sweptAt;
    private int fullInVain;

    /** The kernel had no room when it was last asked. */
    private boolean refused;

    /** It is not asked again before {@link #waitUntil}. */
    private boolean waiting;

    /** Why the last batch was not longer. */
    boolean windowFull;

    boolean paced;
    boolean slotsFull;

    /** {@return whether the kernel is not to be asked yet} */
    boolean isShut(long nowNanos) {
        waiting = waiting && waitUntil - nowNanos > 0;
        return waiting;
    }

    /** {@return whether the kernel, or the requester's pace, has asked to wait} */
    boolean isBlocked() {
        return waiting || paced;
    }

    /** The next batch begins. */
    void begin() {
        windowFull = false;
        slotsFull = false;
        paced = false;
    }

    /** The kernel took a packet. */
    void opened() {
        fullInVain = 0;
        refused = false;
    }

    /** There is room to write. */
    void writable() {
        waitUntil = System.nanoTime();
    }

    /**
     * The kernel has no room.
     *
     * @param full whether that is the send buffer, and not a queue that dropped the packet
     * @return whether the loop is to tell when there is room
     */
    boolean shut(boolean full, long nowNanos) {
        if (!refused) {
            refusedSince = nowNanos;
            refused = true;
        }
        waiting = true;
        fullInVain = full ? fullInVain + 1 : 0;
        boolean told = full && fullInVain <= FULL_IN_VAIN;
        waitUntil = nowNanos + (told ? FULL_RETRY_NANOS : DROPPED_RETRY_NANOS);
        return told;
    }

    /** {@return whether nothing has been sent for so long that all waiting requests are due to be checked} */
    boolean isSweepDue(long nowNanos) {
        boolean due = nowNanos - refusedSince > FULL_RETRY_NANOS && nowNanos - sweptAt > FULL_RETRY_NANOS;
        if (due) {
            sweptAt = nowNanos;
        }
        return due;
    }

    /**
     * {@return when sending is to be tried again, if anything waits}
     *
     * @param paceNanos when the pace allows the next request
     * @param windowNanos when the window admits more
     */
    long nextNanos(long paceNanos, long windowNanos) {
        return waiting ? waitUntil : paced ? paceNanos : windowFull ? windowNanos : Long.MAX_VALUE;
    }
}
