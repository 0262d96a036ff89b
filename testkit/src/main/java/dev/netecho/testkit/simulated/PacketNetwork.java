// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.simulated;

/** What is behind the simulated host's interface, at the level of packets. {@link SimulatedHosts} is the easier way. */
@FunctionalInterface
public interface PacketNetwork {
    /**
     * Takes a packet; never two at a time.
     *
     * @param packet a whole IPv4 or IPv6 packet, handed over
     * @param largestFragment the bytes of the largest piece it travels in; its length if it travels in one
     * @param nanos when, as {@link SimulatedClock#nanoTime}
     * @param answers takes packets on the way back
     */
    void receive(byte[] packet, int largestFragment, long nanos, PacketSink answers);

    /** Takes packets to whoever sent the request. */
    @FunctionalInterface
    interface PacketSink {
        /**
         * Delivers a packet at a time; those of one time in the order of these calls.
         *
         * @param nanos when, as {@link SimulatedClock#nanoTime}; what is past arrives now
         * @param packet a whole IP packet, or what looks like one; handed over
         */
        void at(long nanos, byte[] packet);
    }
}
