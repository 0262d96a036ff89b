// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.util.Arrays;
import java.util.concurrent.TimeUnit;

/**
 * What a target did in each minute of the last hour: round-trip times as minimum, median and 95th percentile, losses,
 * and outcomes that tell nothing. About 1.3 KB. Guarded by its owner.
 */
final class History {
    /** The minutes that are kept. */
    static final int MINUTES = 60;

    /** So many round trips of a minute are kept one by one; of more, each has the same chance to be among them. */
    private static final int SAMPLES = 60;

    /** Microseconds; 0 if no reply came in that minute. */
    private final int[] least = new int[MINUTES];

    private final int[] median = new int[MINUTES];
    private final int[] high = new int[MINUTES];
    private final short[] asked = new short[MINUTES];
    private final short[] lost = new short[MINUTES];
    private final short[] untold = new short[MINUTES];
    private final int[] samples = new int[SAMPLES];
    private int replies;
    private long minute = Long.MIN_VALUE;

    static long minute(long nanos) {
        return TimeUnit.NANOSECONDS.toMinutes(nanos);
    }

    /**
     * Takes an outcome.
     *
     * @param now the number of the minute
     * @param micros the round-trip time; ignored without a reply
     */
    void add(long now, OutcomeKind kind, int micros) {
        roll(now);
        int slot = (int) Math.floorMod(now, (long) MINUTES);
        asked[slot] = next(asked[slot]);
        switch (kind.verdict()) {
            case UP -> {
                // Algorithm R (Vitter 1985), with the low bits of the time itself as the random number.
                int place = replies < SAMPLES ? replies : Math.floorMod(micros * 0x9e3779b9, replies + 1);
                if (place < SAMPLES) {
                    samples[place] = Math.max(1, micros);
                }
                replies++;
                summarize(slot);
            }
            case MISSED -> lost[slot] = next(lost[slot]);
            case NOTHING -> untold[slot] = next(untold[slot]);
        }
    }

    private static short next(short count) {
        return count == Short.MAX_VALUE ? count : (short) (count + 1);
    }

    private void summarize(int slot) {
        int[] sorted = Arrays.copyOf(samples, Math.min(replies, SAMPLES));
        Arrays.sort(sorted);
        least[slot] = least[slot] == 0 ? sorted[0] : Math.min(least[slot], sorted[0]);
        median[slot] = sorted[sorted.length / 2];
        high[slot] = sorted[(sorted.length * 95 - 1) / 100];
    }

    /** Empties the minutes in which nothing was heard. */
    private void roll(long now) {
        if (now == minute) {
            return;
        }
        long empty = minute == Long.MIN_VALUE ? MINUTES : Math.min(MINUTES, now - minute);
        for (long i = 0; i < empty; i++) {
            int slot = (int) Math.floorMod(now - i, (long) MINUTES);
            least[slot] = 0;
            median[slot] = 0;
            high[slot] = 0;
            asked[slot] = 0;
            lost[slot] = 0;
            untold[slot] = 0;
        }
        minute = now;
        replies = 0;
    }

    /** {@return the lost per mille of the minutes, among the outcomes that tell; -1 if none does} */
    int lossPerMille(long now, int minutes) {
        roll(now);
        int all = 0;
        int without = 0;
        for (int i = 0; i < minutes; i++) {
            int slot = (int) Math.floorMod(now - i, (long) MINUTES);
            all += asked[slot] - untold[slot];
            without += lost[slot];
        }
        return all == 0 ? -1 : without * 1000 / all;
    }

    /** Appends the minutes, the oldest first, each as [least, median, high, asked, lost, untold]. */
    void append(StringBuilder json, long now) {
        roll(now);
        json.append('[');
        for (int i = MINUTES - 1; i >= 0; i--) {
            int slot = (int) Math.floorMod(now - i, (long) MINUTES);
            if (asked[slot] == 0) {
                json.append('0');
            } else {
                json.append('[')
                        .append(least[slot])
                        .append(',')
                        .append(median[slot])
                        .append(',')
                        .append(high[slot]);
                json.append(',')
                        .append(asked[slot])
                        .append(',')
                        .append(lost[slot])
                        .append(',')
                        .append(untold[slot]);
                json.append(']');
            }
            json.append(i == 0 ? ']' : ',');
        }
    }

    /** {@return a minute for a sparkline: four times the median, plus 1 if one was lost, plus 2 if one told nothing} */
    private int spark(long of) {
        int slot = (int) Math.floorMod(of, (long) MINUTES);
        int told = Math.min(median[slot], Integer.MAX_VALUE / 4 - 1) * 4;
        return told + (lost[slot] > 0 ? 1 : 0) + (untold[slot] > 0 ? 2 : 0);
    }

    int spark() {
        return minute == Long.MIN_VALUE ? 0 : spark(minute);
    }

    /** Appends all minutes for a sparkline, the oldest first. */
    void appendSparks(StringBuilder json, long now) {
        roll(now);
        json.append('[');
        for (int i = MINUTES - 1; i >= 0; i--) {
            json.append(spark(now - i)).append(i == 0 ? ']' : ',');
        }
    }
}
