// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

/**
 * What an answer takes of the receive buffer (SPEC LOAD-2): a model for small copies of packets, and how much more than
 * that the driver of this host has been seen to take.
 *
 * <p>A driver that hands over half a page for each packet makes the kernel count all of it ("truesize"): 2,304 bytes
 * where the model says 832. So the queue is weighed now and then, and the model scaled by what was found. A weight that
 * is too small is usual (packets arrive while it is taken), one that is too large is not. So the model is scaled up at
 * once, and down only to the heaviest of the last {@value #GROUPS} groups of weighings. A single host that answers in
 * many fragments changes nothing, unless most answers come from it.
 */
final class ReceiveCost {
    /** A reply of up to 56 bytes takes 832 bytes of the buffer on loopback and veth (measured on Linux 6.18). */
    private static final int SMALLEST = 832;

    /** sk_buff, and what surrounds the data: headers, headroom, skb_shared_info. */
    private static final int SKB = 256;

    private static final int AROUND_DATA = 420;

    /** More makes the kernel take the next power of two for the data: 512 bytes no longer hold it. */
    private static final int SMALL_PAYLOAD = 512 - AROUND_DATA;

    private static final int UNIT = 256;
    private static final int MOST = 16 * UNIT;
    private static final int WITNESSES = 4;
    private static final int GROUPS = 8;

    private int factor = UNIT;
    private int heaviest = UNIT;
    private int groups;
    private int least = MOST;
    private int samples;

    /** {@return what the reply to a payload takes by the model, in bytes} */
    static int ofPayload(int size) {
        if (size <= SMALL_PAYLOAD) {
            return SMALLEST;
        }
        int data = size + AROUND_DATA;
        int allocated = Integer.highestOneBit(data - 1) << 1;
        return SKB + allocated;
    }

    /**
     * Counts one weighing.
     *
     * @param weighed the bytes of the buffer that packets took
     * @param modelled what these packets take by the model, greater than 0
     */
    void weighed(long weighed, long modelled) {
        least = (int) Math.min(least, weighed * UNIT / modelled);
        samples++;
        if (samples == WITNESSES) {
            heaviest = Math.max(heaviest, least);
            factor = Math.max(factor, least);
            samples = 0;
            least = MOST;
            groups++;
        }
        if (groups == GROUPS) {
            factor = heaviest;
            heaviest = UNIT;
            groups = 0;
        }
    }

    /** {@return how many bytes of the model fit into so many of the buffer} */
    long modelledBytes(long bytes) {
        return bytes * UNIT / factor;
    }
}
