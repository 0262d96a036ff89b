// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.net.InetAddress;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Which addresses a sweep asks: ranges without exclusions. Immutable and thread-safe.
 *
 * <pre>{@code
 * SweepTargets targets = SweepTargets.newBuilder().add("192.0.2.0/24").exclude("192.0.2.7").build();
 * }</pre>
 *
 * <p>A range is a network ({@code 192.0.2.0/24}), two ends ({@code 192.0.2.1-192.0.2.9}) or one address, of IPv4 or
 * IPv6. Ranges may overlap; each address is asked once. No name is resolved.
 *
 * <p>Some addresses are <em>refused</em>: they are counted and never asked. A range means loopback, 0.0.0.0/8 and
 * 240.0.0.0/4 only if it lies within them or is a single address. Multicast, broadcast, unspecified and IPv6 link-local
 * addresses are always refused, because no single host answers for them. A sweep also refuses the addresses of this
 * host and the broadcast addresses of its networks, unless they are given as single addresses, or lie in a loopback
 * range.
 */
public final class SweepTargets {
    /** The most addresses of one sweep, over all shards: as many as IPv4 has, 4,294,967,296. */
    public static final long MOST_ADDRESSES = 1L << 32;

    private static final int RANGES_IN_TEXT = 5;

    /** What is asked, in the order of addresses. */
    final RangeSet asked;

    private final RangeSet refused;

    /** What was meant, even if it is an address of this host. */
    final RangeSet named;

    private SweepTargets(RangeSet asked, RangeSet refused, RangeSet named) {
        this.asked = asked;
        this.refused = refused;
        this.named = named;
    }

    /** {@return a builder without ranges} */
    public static Builder newBuilder() {
        return new Builder();
    }

    /**
     * {@return the addresses of these ranges}
     *
     * @param ranges see {@link Builder#add(String)}
     * @throws IllegalArgumentException if one is not a range, or there are too many addresses, or none
     */
    public static SweepTargets of(String... ranges) {
        Builder builder = newBuilder();
        for (String range : ranges) {
            builder.add(range);
        }
        return builder.build();
    }

    /** {@return how many addresses there are: those that are asked, and those that are refused} */
    public long size() {
        return asked.size() + refused.size();
    }

    /** {@return how many of them are refused on every host; a sweep may refuse more, such as its own addresses} */
    public long refused() {
        return refused.size();
    }

    /**
     * {@return whether a sweep asks this address, unless it is its own}
     *
     * @param address any address
     */
    public boolean contains(InetAddress address) {
        return asked.indexOf(Addresses.high(address), Addresses.low(address)) >= 0;
    }

    /**
     * {@return whether a sweep asks this address even if it is its own: it was given as a single one, or within
     * loopback}
     *
     * @param address any address
     */
    public boolean isNamed(InetAddress address) {
        return contains(address) && named.indexOf(Addresses.high(address), Addresses.low(address)) >= 0;
    }

    /** {@return whether all addresses that are asked are IPv4} */
    public boolean areIpv4() {
        AddressRange first = asked.range(0);
        AddressRange last = asked.range(asked.ranges() - 1);
        return Addresses.isIpv4(first.firstHigh(), first.firstLow())
                && Addresses.isIpv4(last.lastHigh(), last.lastLow());
    }

    /** {@return how many ranges are asked, which neither touch nor overlap; 1 or more} */
    public int ranges() {
        return asked.ranges();
    }

    /**
     * {@return the first address of a range}
     *
     * @param range which one, 0 to {@link #ranges()} - 1, in the order of addresses, IPv4 first
     */
    public InetAddress first(int range) {
        return Addresses.toInetAddress(
                asked.range(range).firstHigh(), asked.range(range).firstLow());
    }

    /**
     * {@return the last address of a range}
     *
     * @param range which one, 0 to {@link #ranges()} - 1
     */
    public InetAddress last(int range) {
        return Addresses.toInetAddress(
                asked.range(range).lastHigh(), asked.range(range).lastLow());
    }

    /** {@return the address that is asked at an index below the number of those asked} */
    InetAddress addressAt(long index) {
        return Addresses.toInetAddress(asked.highAt(index), asked.lowAt(index));
    }

    /** {@return what tells these targets from others} */
    byte[] digest() {
        try {
            MessageDigest digest = MessageDigest.getInstance("SHA-256");
            ByteBuffer buffer = ByteBuffer.allocate(4 * Long.BYTES);
            for (RangeSet set : List.of(asked, refused)) {
                digest.update(buffer.clear().putLong(set.ranges()).flip());
                for (int i = 0; i < set.ranges(); i++) {
                    AddressRange range = set.range(i);
                    digest.update(buffer.clear()
                            .putLong(range.firstHigh())
                            .putLong(range.firstLow())
                            .putLong(range.lastHigh())
                            .putLong(range.lastLow())
                            .flip());
                }
            }
            return digest.digest();
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    /** {@return the first ranges that are asked, and how many more there are} */
    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int shown = Math.min(RANGES_IN_TEXT, asked.ranges());
        for (int i = 0; i < shown; i++) {
            text.append(i == 0 ? "" : ", ").append(asked.range(i));
        }
        int more = asked.ranges() - shown;
        return more == 0 ? text.toString() : text + " and " + more + " more ranges";
    }

    /** Collects ranges. Not thread-safe. */
    public static final class Builder {
        private final List<AddressRange> ranges = new ArrayList<>();
        private final List<AddressRange> exclusions = new ArrayList<>();

        private Builder() {}

        /**
         * Adds a range.
         *
         * @param range {@code ADDRESS}, {@code ADDRESS/BITS}, of which the bits after the length are ignored, or
         *     {@code FIRST-LAST}
         * @return this
         * @throws IllegalArgumentException if it is none of them
         */
        public Builder add(String range) {
            ranges.add(AddressRange.parse(Objects.requireNonNull(range, "range")));
            return this;
        }

        /**
         * Adds a range.
         *
         * @param first its first address
         * @param last its last address; the same for a single address
         * @return this
         * @throws IllegalArgumentException if they are of two families, or in the wrong order
         */
        public Builder add(InetAddress first, InetAddress last) {
            ranges.add(AddressRange.of(first, last));
            return this;
        }

        /**
         * Leaves out a range. It is not a target then: the report does not count it.
         *
         * @param range as for {@link #add(String)}; it may be of any size
         * @return this
         * @throws IllegalArgumentException if it is no range
         */
        public Builder exclude(String range) {
            exclusions.add(AddressRange.parse(Objects.requireNonNull(range, "range")));
            return this;
        }

        /**
         * {@return the targets}
         *
         * @throws IllegalArgumentException if there is nothing to ask, or more than {@link #MOST_ADDRESSES}
         */
        public SweepTargets build() {
            RangeSet given = RangeSet.of(ranges).minus(RangeSet.of(exclusions));
            if (given.size() > MOST_ADDRESSES) {
                throw tooMany(given);
            }
            List<AddressRange> meant = new ArrayList<>();
            for (AddressRange range : ranges) {
                RangeSet alone = RangeSet.of(List.of(range));
                if (range.size() == 1
                        || alone.minus(SpecialAddresses.BY_NAME_ONLY).size() == 0) {
                    meant.add(range);
                }
            }
            RangeSet named = RangeSet.of(meant);
            RangeSet refused =
                    given.and(SpecialAddresses.BY_NAME_ONLY.minus(named).or(SpecialAddresses.NO_HOST));
            RangeSet asked = given.minus(refused);
            if (asked.size() == 0) {
                throw new IllegalArgumentException(
                        refused.size() == 0
                                ? "there is no address to ask; give a range, and exclude less"
                                : "all " + refused.size() + " addresses are refused, because none of them is that of"
                                        + " one host; give addresses of hosts");
            }
            return new SweepTargets(asked, refused, named);
        }

        private static IllegalArgumentException tooMany(RangeSet given) {
            AddressRange largest = given.range(0);
            for (int i = 1; i < given.ranges(); i++) {
                largest = given.range(i).size() > largest.size() ? given.range(i) : largest;
            }
            String what = largest.size() > MOST_ADDRESSES ? largest + " has" : "these ranges have";
            return new IllegalArgumentException(what + " more than " + MOST_ADDRESSES
                    + " addresses, the most of one sweep; give narrower ranges, or a list of addresses");
        }
    }
}
