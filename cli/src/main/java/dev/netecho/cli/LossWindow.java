// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** Counts requests and losses of the latest time, in slots that are forgotten one by one. Not thread-safe. */
final class LossWindow {
    private final long slotNanos;
    private final int[] asked;
    private final int[] lost;

    /** The number of the latest slot, counted from the start of the clock. */
    private long latest = Long.MIN_VALUE;

    LossWindow(int slots, long slotNanos) {
        this.slotNanos = slotNanos;
        this.asked = new int[slots];
        this.lost = new int[slots];
    }

    void add(long nowNanos, boolean isLost) {
        forget(nowNanos);
        int slot = (int) Math.floorMod(latest, (long) asked.length);
        asked[slot]++;
        lost[slot] += isLost ? 1 : 0;
    }

    private void forget(long nowNanos) {
        long now = Math.floorDiv(nowNanos, slotNanos);
        long first = latest == Long.MIN_VALUE ? now : Math.max(latest + 1, now - asked.length + 1);
        for (long slot = first; slot <= now; slot++) {
            int index = (int) Math.floorMod(slot, (long) asked.length);
            asked[index] = 0;
            lost[index] = 0;
        }
        latest = Math.max(latest, now);
    }

    long asked(long nowNanos) {
        forget(nowNanos);
        return sum(asked);
    }

    long lost(long nowNanos) {
        forget(nowNanos);
        return sum(lost);
    }

    /** {@return the loss with a per cent sign; "-" if nothing was asked} */
    String percent(long nowNanos) {
        long all = asked(nowNanos);
        return all == 0 ? "-" : Math.round(100.0 * lost(nowNanos) / all) + "%";
    }

    private static long sum(int[] slots) {
        long sum = 0;
        for (int count : slots) {
            sum += count;
        }
        return sum;
    }
}
