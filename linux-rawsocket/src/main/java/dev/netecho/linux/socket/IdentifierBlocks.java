// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.socket;

import dev.netecho.IpVersion;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * The identifiers that the raw sockets of this process have. Each has a block of its own: a raw socket receives the
 * answers to every packet with its identifiers, whoever sent it, and a payload without a token does not tell them apart
 * (SPEC MAT-1, MAT-5). Thread-safe.
 */
final class IdentifierBlocks {
    /** The sequence numbers of requests without a token rest as long. */
    private static final long REST_NANOS = 60_000_000_000L;

    private static final int BLOCKS = (1 << 16) / IcmpSocket.RAW_IDENTIFIERS;

    private static final IdentifierBlocks IPV4 = new IdentifierBlocks();
    private static final IdentifierBlocks IPV6 = new IdentifierBlocks();

    private enum State {
        FREE,
        TAKEN,
        RESTING
    }

    private final State[] states = new State[BLOCKS];
    private final long[] restingSince = new long[BLOCKS];

    IdentifierBlocks() {
        Arrays.fill(states, State.FREE);
    }

    static IdentifierBlocks of(IpVersion version) {
        return version == IpVersion.V4 ? IPV4 : IPV6;
    }

    /**
     * {@return the first identifier of a block that nobody else in this process has or had within a minute; if there is
     * none, of the one that has rested longest}
     *
     * <p>Random, not the pid: that is 1 in every container. Never 0: Linux 5.10 and newer sum a reply from all ones
     * (csum_partial_copy_nocheck). So its reply of nothing but zeros has the checksum 0 instead of 0xffff, and looks
     * damaged. Identifier 0, sequence number 0 and no data make such a reply.
     *
     * @param random chooses
     * @param nowNanos the time, of {@link System#nanoTime}
     * @throws IllegalStateException if all blocks are taken
     */
    synchronized int take(RandomGenerator random, long nowNanos) {
        int first = random.nextInt(1, BLOCKS);
        int found = 0;
        for (int i = 0; i < BLOCKS - 1; i++) {
            int block = 1 + (first - 1 + i) % (BLOCKS - 1);
            boolean rests = states[block] == State.RESTING;
            if (states[block] == State.FREE || (rests && nowNanos - restingSince[block] > REST_NANOS)) {
                found = block;
                break;
            }
            if (rests && (found == 0 || restingSince[block] - restingSince[found] < 0)) {
                found = block;
            }
        }
        if (found == 0) {
            throw new IllegalStateException("all " + (BLOCKS - 1) + " blocks of identifiers of the raw sockets of this"
                    + " process are in use; open fewer requesters or event loops of linux-raw");
        }
        states[found] = State.TAKEN;
        return found * IcmpSocket.RAW_IDENTIFIERS;
    }

    /** Gives a block back from which nothing was sent. */
    synchronized void giveBackUnused(int firstIdentifier) {
        states[firstIdentifier / IcmpSocket.RAW_IDENTIFIERS] = State.FREE;
    }

    /** Gives a block back; does nothing if it is not taken. It makes no object. */
    synchronized void giveBack(int firstIdentifier, long nowNanos) {
        int block = firstIdentifier / IcmpSocket.RAW_IDENTIFIERS;
        if (states[block] == State.TAKEN) {
            states[block] = State.RESTING;
            restingSince[block] = nowNanos;
        }
    }
}
