// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

/**
 * Turns the number of a request into the token that its payload carries.
 *
 * <p>The sequence number has 16 bits and comes round again; the token tells the requests that share one apart, and
 * cannot be made up by a host that has not seen it. It is SipHash-2-4 of a 64-bit generation under a key of 128
 * random bits that never leaves the process.
 *
 * <p>Immutable and thread-safe.
 */
public final class EchoToken {
    private final long k0;
    private final long k1;

    /**
     * Creates the function for one key.
     *
     * @param k0 the first half of the key, from a secure random source
     * @param k1 the second half
     */
    public EchoToken(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /**
     * {@return the token of a request; equal generations give equal tokens}
     *
     * @param generation a number that no other request under this key has
     */
    public long of(long generation) {
        return SipHash.hash(k0, k1, generation);
    }
}
