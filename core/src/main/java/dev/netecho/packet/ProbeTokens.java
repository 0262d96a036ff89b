// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

/**
 * The keyed values of probes whose sender keeps no state: who has not seen a probe cannot make up an answer to it.
 * SipHash-2-4 under a key of 128 bits that never leaves the process. Immutable and thread-safe.
 *
 * <p>Addresses are 16 octets as two numbers in network order; IPv4 is {@code ::ffff:0:0/96} (RFC 4291, 2.5.5.2).
 */
public final class ProbeTokens {
    /** Tells the hash of a sequence number from that of a token, whatever the stamp. */
    private static final long SEQUENCE = 0x7365_7175_656e_6365L;

    private final long k0;
    private final long k1;

    /**
     * Creates the tokens of one key.
     *
     * @param k0 the first half of the key, from a secure random source
     * @param k1 the second half
     */
    public ProbeTokens(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /**
     * {@return the token of a probe}
     *
     * @param high the first eight octets of the destination
     * @param low the last eight octets
     * @param stamp what is sent beside the token, such as the time of sending
     */
    public long token(long high, long low, long stamp) {
        return SipHash.hash(k0, k1, high, low, stamp);
    }

    /**
     * {@return the sequence number of all probes to a destination, 0 to 65535} An ICMP error may quote no more.
     *
     * @param high the first eight octets of the destination
     * @param low the last eight octets
     */
    public int sequence(long high, long low) {
        return (int) SipHash.hash(k0 ^ SEQUENCE, k1, high, low, SEQUENCE) & 0xffff;
    }
}
