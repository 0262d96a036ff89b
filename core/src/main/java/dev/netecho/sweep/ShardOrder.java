// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

/**
 * The addresses of a shard in the order in which they are asked: a position is the place of an address in it, from 0
 * on. Immutable.
 */
final class ShardOrder {
    private final RangeSet addresses;
    private final SweepOrder order;
    private final int shard;
    private final int shards;

    ShardOrder(RangeSet addresses, long seed, int shard, int shards) {
        this.addresses = addresses;
        this.order = new SweepOrder(addresses.size(), seed);
        this.shard = shard;
        this.shards = shards;
    }

    /** {@return the index, for {@link #high} and {@link #low}, of what is at a position} */
    long index(long position) {
        return order.at(shard + position * shards);
    }

    long high(long index) {
        return addresses.highAt(index);
    }

    long low(long index) {
        return addresses.lowAt(index);
    }

    /** {@return the position of an address; -1 if this shard does not ask it} */
    long position(long high, long low) {
        long index = addresses.indexOf(high, low);
        if (index < 0) {
            return -1;
        }
        long place = order.positionOf(index);
        return place % shards == shard ? place / shards : -1;
    }

    /** {@return every position once, for 0 to size - 1; by address, if there is one shard} */
    long sorted(long i) {
        return shards == 1 ? order.positionOf(i) : i;
    }
}
