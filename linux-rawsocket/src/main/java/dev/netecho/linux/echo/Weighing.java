// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.socket.IcmpSocket;

/**
 * Weighs a batch of answers now and then: what they took of the receive buffer beside what {@link ReceiveCost} says of
 * them.
 */
final class Weighing {
    /**
     * One batch that has packets is weighed after so many that were not: two system calls of 0.3 us, and one for each
     * try meanwhile that brings none.
     */
    private static final int UNWEIGHED = 31;

    private final IcmpSocket socket;
    private final ReceiveCost cost;
    private int unweighed = UNWEIGHED;

    /** Bytes in the buffer before the batch at hand, if it is weighed. */
    private int before;

    /**
     * Of the batch at hand: answers that came as they were asked for, and what they take of the buffer by the model.
     */
    private int asAsked;

    private long modelled;

    Weighing(IcmpSocket socket, ReceiveCost cost) {
        this.socket = socket;
        this.cost = cost;
    }

    /** {@return how many bytes of answers the receive buffer holds, by what is known of their cost} */
    long capacity() {
        return cost.modelledBytes(socket.receiveCapacity());
    }

    /** A batch is about to be received. */
    void begin() {
        asAsked = 0;
        modelled = 0;
        before = unweighed < UNWEIGHED ? -1 : socket.queuedBytes();
    }

    /** The batch has an answer with the payload that was asked for. */
    void asAsked(int payloadSize) {
        asAsked++;
        modelled += ReceiveCost.ofPayload(payloadSize);
    }

    /**
     * The batch is received. What was in the buffer before it less what is there after it is its own, so that neither
     * the error queue, which counts as well, nor packets that were left make a difference, and those that have come
     * meanwhile make it too small. Not if a stray was among them: unrequested packets must not slow the sender down.
     *
     * @param received its packets, at least one
     */
    void end(int received) {
        if (unweighed < UNWEIGHED) {
            unweighed++;
            return;
        }
        unweighed = 0;
        int after = socket.queuedBytes();
        if (asAsked == received && after >= 0 && before > after) {
            cost.weighed(before - after, modelled);
        }
    }
}
