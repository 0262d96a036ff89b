// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** A set of addresses: ranges in order that neither touch nor overlap. Immutable. */
final class RangeSet {
    static final RangeSet EMPTY = new RangeSet(List.of());

    private final long[] firstHigh;
    private final long[] firstLow;
    private final long[] lastHigh;
    private final long[] lastLow;

    /** How many addresses are before each range; right only if the set is not huge. */
    private final long[] before;

    private final long size;

    private RangeSet(List<AddressRange> ranges) {
        int count = ranges.size();
        firstHigh = new long[count];
        firstLow = new long[count];
        lastHigh = new long[count];
        lastLow = new long[count];
        before = new long[count];
        long sum = 0;
        for (int i = 0; i < count; i++) {
            AddressRange range = ranges.get(i);
            firstHigh[i] = range.firstHigh();
            firstLow[i] = range.firstLow();
            lastHigh[i] = range.lastHigh();
            lastLow[i] = range.lastLow();
            before[i] = sum;
            sum = sum + range.size() < 0 ? Long.MAX_VALUE : sum + range.size();
        }
        size = sum;
    }

    /** {@return the addresses of ranges in any order, which may overlap} */
    static RangeSet of(List<AddressRange> ranges) {
        List<AddressRange> sorted = new ArrayList<>(ranges);
        Comparator<AddressRange> byFirst =
                (a, b) -> Addresses.compare(a.firstHigh(), a.firstLow(), b.firstHigh(), b.firstLow());
        sorted.sort(byFirst);
        List<AddressRange> merged = new ArrayList<>();
        for (AddressRange range : sorted) {
            AddressRange last = merged.isEmpty() ? null : merged.get(merged.size() - 1);
            if (last != null && reaches(last, range)) {
                boolean longer =
                        Addresses.compare(range.lastHigh(), range.lastLow(), last.lastHigh(), last.lastLow()) > 0;
                merged.set(
                        merged.size() - 1,
                        new AddressRange(
                                last.firstHigh(),
                                last.firstLow(),
                                longer ? range.lastHigh() : last.lastHigh(),
                                longer ? range.lastLow() : last.lastLow()));
            } else {
                merged.add(range);
            }
        }
        return new RangeSet(merged);
    }

    /** {@return whether a range overlaps an earlier one, or begins right after it} */
    private static boolean reaches(AddressRange earlier, AddressRange range) {
        long nextLow = earlier.lastLow() + 1;
        long nextHigh = earlier.lastHigh() + (nextLow == 0 ? 1 : 0);
        boolean atTheEnd = nextHigh == 0 && nextLow == 0;
        return atTheEnd || Addresses.compare(range.firstHigh(), range.firstLow(), nextHigh, nextLow) <= 0;
    }

    /** {@return how many addresses it has; {@link Long#MAX_VALUE} for that many or more} */
    long size() {
        return size;
    }

    int ranges() {
        return before.length;
    }

    AddressRange range(int i) {
        return new AddressRange(firstHigh[i], firstLow[i], lastHigh[i], lastLow[i]);
    }

    /** {@return the addresses of this set that are not in the other} */
    RangeSet minus(RangeSet other) {
        List<AddressRange> left = new ArrayList<>();
        int j = 0;
        for (int i = 0; i < ranges(); i++) {
            long high = firstHigh[i];
            long low = firstLow[i];
            boolean rest = true;
            while (j < other.ranges() && Addresses.compare(other.lastHigh[j], other.lastLow[j], high, low) < 0) {
                j++;
            }
            while (rest
                    && j < other.ranges()
                    && Addresses.compare(other.firstHigh[j], other.firstLow[j], lastHigh[i], lastLow[i]) <= 0) {
                if (Addresses.compare(other.firstHigh[j], other.firstLow[j], high, low) > 0) {
                    long endLow = other.firstLow[j] - 1;
                    left.add(new AddressRange(high, low, other.firstHigh[j] - (endLow == -1 ? 1 : 0), endLow));
                }
                if (Addresses.compare(other.lastHigh[j], other.lastLow[j], lastHigh[i], lastLow[i]) >= 0) {
                    rest = false;
                } else {
                    low = other.lastLow[j] + 1;
                    high = other.lastHigh[j] + (low == 0 ? 1 : 0);
                    j++;
                }
            }
            if (rest) {
                left.add(new AddressRange(high, low, lastHigh[i], lastLow[i]));
            }
        }
        return new RangeSet(left);
    }

    /** {@return the addresses that both sets have} */
    RangeSet and(RangeSet other) {
        return minus(minus(other));
    }

    /** {@return the addresses that either set has} */
    RangeSet or(RangeSet other) {
        List<AddressRange> all = new ArrayList<>();
        for (RangeSet set : List.of(this, other)) {
            for (int i = 0; i < set.ranges(); i++) {
                all.add(set.range(i));
            }
        }
        return of(all);
    }

    /** {@return the range that holds the address of an index below {@link #size}} */
    private int rangeOf(long index) {
        int low = 0;
        int high = before.length - 1;
        while (low < high) {
            int middle = (low + high + 1) >>> 1;
            if (before[middle] <= index) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        return low;
    }

    long highAt(long index) {
        int range = rangeOf(index);
        long low = firstLow[range] + (index - before[range]);
        // A range of at most 2^63 addresses crosses the halves once at most.
        return firstHigh[range] + (Long.compareUnsigned(low, firstLow[range]) < 0 ? 1 : 0);
    }

    long lowAt(long index) {
        int range = rangeOf(index);
        return firstLow[range] + (index - before[range]);
    }

    /** {@return the index of an address; -1 if the set does not have it} */
    long indexOf(long high, long low) {
        int from = 0;
        int to = before.length - 1;
        while (from <= to) {
            int middle = (from + to) >>> 1;
            if (Addresses.compare(firstHigh[middle], firstLow[middle], high, low) <= 0) {
                from = middle + 1;
            } else {
                to = middle - 1;
            }
        }
        return to >= 0 && Addresses.compare(high, low, lastHigh[to], lastLow[to]) <= 0
                ? before[to] + (low - firstLow[to])
                : -1;
    }
}
