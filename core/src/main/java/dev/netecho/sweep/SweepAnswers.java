// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.IcmpErrorKind;

/**
 * What a way tells its sweep, within {@link SweepWay#receive}. Addresses are numbers as in {@link SweepProbes}. What is
 * told of an address that was not asked is ignored.
 */
public interface SweepAnswers {
    /**
     * A host replied.
     *
     * @param high the first eight octets of its address
     * @param low the last eight octets
     * @param roundTripNanos the round trip in nanoseconds, more than zero
     */
    void onReply(long high, long low, long roundTripNanos);

    /**
     * An ICMP error came back. Weaker evidence than a reply: it is matched by what it quotes.
     *
     * @param high the first eight octets of the address that was asked
     * @param low the last eight octets
     * @param kind what the error says
     * @param responderHigh the first eight octets of the address of who sent it
     * @param responderLow the last eight octets
     * @param roundTripNanos the round trip in nanoseconds; -1 if it is not known
     */
    void onError(long high, long low, IcmpErrorKind kind, long responderHigh, long responderLow, long roundTripNanos);

    /**
     * Nothing came back in time.
     *
     * @param high the first eight octets of the address
     * @param low the last eight octets
     */
    void onSilence(long high, long low);

    /**
     * Nothing came back, or nothing was sent, and this host may be the cause.
     *
     * @param high the first eight octets of the address
     * @param low the last eight octets
     */
    void onDoubt(long high, long low);

    /**
     * This host did not send the probe.
     *
     * @param high the first eight octets of the address
     * @param low the last eight octets
     * @param why a sentence for an operator
     */
    void onRefusal(long high, long low, String why);

    /**
     * This host dropped packets: any address whose cool-down was not over then may have answered.
     *
     * @param sinceNanos a time of {@link System#nanoTime}; before it nothing was dropped that was not told
     */
    void onDrops(long sinceNanos);
}
