// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.util.BitSet;

/**
 * What is known of each position of a shard: a few bits for each, and one for each slice of positions. Not thread-safe.
 */
final class Findings {
    /** Positions of a slice: 4,096, asked within 0.4 s at the default rate. */
    private static final int SLICE_BITS = 12;

    private static final int WORD_BITS = 6;

    final long size;
    final long[] answered;
    final long[] duplicate;
    final long[] error;

    /** Not sent by this host. */
    final long[] refused;

    /** Asked more than once: two replies may both be right. Absent in the first pass. */
    long[] twice = new long[0];

    /** Asked by this run. Absent in the first run, which asked all. */
    long[] now = new long[0];

    /** Slices whose silent hosts are asked again in this pass, and those in which this pass may have lost something. */
    BitSet doubtBefore = new BitSet();

    BitSet doubt = new BitSet();

    private long answers;
    private long errors;
    private long refusals;
    private long duplicates;

    Findings(long size) {
        this.size = size;
        int words = (int) ((size + Long.SIZE - 1) >>> WORD_BITS);
        answered = new long[words];
        duplicate = new long[words];
        error = new long[words];
        refused = new long[words];
    }

    static int slice(long position) {
        return (int) (position >>> SLICE_BITS);
    }

    static long sliceStart(int slice) {
        return (long) slice << SLICE_BITS;
    }

    /** {@return the tables of a bit for each position} */
    long[][] tables() {
        return new long[][] {answered, duplicate, error, refused};
    }

    int slices() {
        return slice(size - 1) + 1;
    }

    long answers() {
        return answers;
    }

    long errors() {
        return errors;
    }

    long refusals() {
        return refusals;
    }

    long duplicates() {
        return duplicates;
    }

    static boolean has(long[] bits, long position) {
        return (bits[(int) (position >>> WORD_BITS)] & 1L << position) != 0;
    }

    private static void set(long[] bits, long position) {
        bits[(int) (position >>> WORD_BITS)] |= 1L << position;
    }

    private static void clear(long[] bits, long position) {
        bits[(int) (position >>> WORD_BITS)] &= ~(1L << position);
    }

    /** {@return whether it is the first} */
    boolean reply(long position) {
        if (has(answered, position)) {
            return false;
        }
        set(answered, position);
        answers++;
        errors -= has(error, position) ? 1 : 0;
        refusals -= has(refused, position) ? 1 : 0;
        clear(error, position);
        clear(refused, position);
        return true;
    }

    /** {@return whether the second reply cannot belong to a second probe} */
    boolean repeated(long position) {
        if (twice.length > 0 && has(twice, position)) {
            return false;
        }
        if (!has(duplicate, position)) {
            set(duplicate, position);
            duplicates++;
        }
        return true;
    }

    /** {@return whether it is the first, and no reply came} */
    boolean fail(long position) {
        if (has(answered, position) || has(error, position)) {
            return false;
        }
        set(error, position);
        errors++;
        refusals -= has(refused, position) ? 1 : 0;
        clear(refused, position);
        return true;
    }

    void refuse(long position) {
        if (!has(answered, position) && !has(error, position) && !has(refused, position)) {
            set(refused, position);
            refusals++;
        }
    }

    /** {@return whether nothing came from there, and it was not refused} */
    boolean isOpen(long position) {
        return !has(answered, position) && !has(error, position) && !has(refused, position);
    }

    /** Takes back a refusal: the probe is sent after all. */
    void asked(long position, boolean again) {
        if (has(refused, position)) {
            clear(refused, position);
            refusals--;
        }
        if (again) {
            set(twice, position);
        }
        if (now.length > 0) {
            set(now, position);
        }
    }

    void beginPass() {
        if (twice.length == 0) {
            twice = new long[answered.length];
        }
        doubtBefore = doubt;
        doubt = new BitSet();
    }

    /** {@return whether this run asked, not only an earlier one} */
    boolean isOfThisRun(long position) {
        return now.length == 0 || has(now, position);
    }

    /** Begins another run, after the bits were read from a checkpoint. */
    void beginRun() {
        now = new long[answered.length];
        answers = count(answered);
        errors = count(error);
        refusals = count(refused);
        duplicates = count(duplicate);
    }

    private static long count(long[] bits) {
        long sum = 0;
        for (long word : bits) {
            sum += Long.bitCount(word);
        }
        return sum;
    }

    /** {@return how many positions from one on, up to another, have no result} */
    long open(long from, long to) {
        return from < to ? openWithin(from, to) : 0;
    }

    /** {@return how many of them are in one of these slices} */
    long open(long from, long to, BitSet slices) {
        long sum = 0;
        for (int slice = slices.nextSetBit(slice(from)); slice >= 0; slice = slices.nextSetBit(slice + 1)) {
            sum += open(Math.max(from, sliceStart(slice)), Math.min(to, sliceStart(slice + 1)));
        }
        return sum;
    }

    private long openWithin(long from, long to) {
        long sum = 0;
        long position = from;
        while (position < to) {
            int word = (int) (position >>> WORD_BITS);
            long end = Math.min(to, (word + 1L) << WORD_BITS);
            long mask = (-1L << position) & (-1L >>> -end);
            sum += Long.bitCount(~(answered[word] | error[word] | refused[word]) & mask);
            position = end;
        }
        return sum;
    }
}
