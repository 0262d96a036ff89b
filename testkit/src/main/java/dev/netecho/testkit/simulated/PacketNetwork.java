// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

/** The network behind the simulated host's interface, at packet level. {@link SimulatedHosts} is easier. */
@FunctionalInterface
public interface PacketNetwork {
    /**
     * Takes a packet; never called twice at the same time.
     *
     * @param packet a whole IPv4 or IPv6 packet, handed over
     * @param largestFragment the bytes of the largest piece it travels in; its length if it travels in one
     * @param nanos when, as {@link SimulatedClock#nanoTime}
     * @param answers takes packets on the way back
     */
    void receive(byte[] packet, int largestFragment, long nanos, PacketSink answers);

    /** Carries packets back to the sender of the request. */
    @FunctionalInterface
    interface PacketSink {
        /**
         * Delivers a packet at a time; packets of the same time arrive in the order of these calls. Any thread may call
         * it at any time, also after {@link #receive} has returned.
         *
         * @param nanos when, as {@link SimulatedClock#nanoTime}; a time in the past is that of a packet that waited in
         *     the receive buffer, but none is before its request was sent
         * @param packet a whole IP packet, or what looks like one; handed over
         */
        void at(long nanos, byte[] packet);
    }
}
