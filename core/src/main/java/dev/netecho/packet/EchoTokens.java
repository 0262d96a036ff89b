// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.packet;

/**
 * Makes the tokens that payloads carry, a new one for each request.
 *
 * <p>The sequence number has 16 bits and wraps. The token tells the requests that share one apart, and a host that has
 * not seen it cannot make it up. It is SipHash-2-4 of a 64-bit generation under a key of 128 random bits that never
 * leaves the process.
 *
 * <p>Not thread-safe: it belongs to the engine's thread.
 */
public final class EchoTokens {
    private final long k0;
    private final long k1;
    private long generation;

    /**
     * Creates the tokens of one key.
     *
     * @param k0 the first half of the key, from a secure random source
     * @param k1 the second half
     */
    public EchoTokens(long k0, long k1) {
        this.k0 = k0;
        this.k1 = k1;
    }

    /** {@return a token that was never returned before; never 0, which means that there is none} */
    public long next() {
        long token;
        do {
            token = of(++generation);
        } while (token == 0);
        return token;
    }

    /** {@return the token of a generation; equal generations give equal tokens} */
    long of(long number) {
        return SipHash.hash(k0, k1, number);
    }
}
