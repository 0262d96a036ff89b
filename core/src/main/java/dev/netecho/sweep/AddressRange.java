// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.net.Inet4Address;
import java.net.InetAddress;

/** A range of addresses in the space of {@link Addresses}; both ends belong to it. */
record AddressRange(long firstHigh, long firstLow, long lastHigh, long lastLow) {
    private static final int MAPPED_BITS = 96;
    private static final int ALL_BITS = 128;

    static AddressRange of(InetAddress first, InetAddress last) {
        AddressRange range = new AddressRange(
                Addresses.high(first), Addresses.low(first), Addresses.high(last), Addresses.low(last));
        if (first instanceof Inet4Address != last instanceof Inet4Address) {
            throw new IllegalArgumentException(
                    "the range " + range + " has ends of two families; give both ends of one family");
        }
        if (Addresses.compare(range.firstHigh, range.firstLow, range.lastHigh, range.lastLow) > 0) {
            throw new IllegalArgumentException(
                    "the range " + range + " ends before it begins; give the lower end first");
        }
        return range;
    }

    /** {@return {@code ADDRESS}, {@code ADDRESS/BITS} or {@code FIRST-LAST}} */
    static AddressRange parse(String text) {
        int slash = text.indexOf('/');
        if (slash >= 0) {
            return prefix(text, Addresses.parse(text.substring(0, slash)), text.substring(slash + 1));
        }
        int dash = text.indexOf('-');
        if (dash >= 0) {
            return of(Addresses.parse(text.substring(0, dash)), Addresses.parse(text.substring(dash + 1)));
        }
        InetAddress single = Addresses.parse(text);
        return of(single, single);
    }

    private static AddressRange prefix(String text, InetAddress address, String bits) {
        boolean four = address instanceof Inet4Address;
        int most = four ? ALL_BITS - MAPPED_BITS : ALL_BITS;
        int length = -1;
        if (!bits.isEmpty() && bits.length() <= 3 && bits.chars().allMatch(c -> c >= '0' && c <= '9')) {
            length = Integer.parseInt(bits);
        }
        if (length < 0 || length > most) {
            throw new IllegalArgumentException(
                    "the network \"" + text + "\" has the length \"" + bits + "\"; it must be 0 to " + most);
        }
        int common = length + (four ? MAPPED_BITS : 0);
        long highMask = common == 0 ? 0 : common >= Long.SIZE ? -1 : -1L << (Long.SIZE - common);
        long lowMask = common <= Long.SIZE ? 0 : -1L << (ALL_BITS - common);
        long high = Addresses.high(address);
        long low = Addresses.low(address);
        return new AddressRange(high & highMask, low & lowMask, high | ~highMask, low | ~lowMask);
    }

    /** {@return how many addresses it has; {@link Long#MAX_VALUE} for that many or more} */
    long size() {
        long size = lastLow - firstLow + 1;
        // One that crosses the halves wraps once.
        long halves = lastHigh - firstHigh;
        boolean fits = halves == 0 || (halves == 1 && Long.compareUnsigned(lastLow, firstLow) < 0);
        return fits && size > 0 ? size : Long.MAX_VALUE;
    }

    @Override
    public String toString() {
        String first = Addresses.text(firstHigh, firstLow);
        return size() == 1 ? first : first + "-" + Addresses.text(lastHigh, lastLow);
    }
}
