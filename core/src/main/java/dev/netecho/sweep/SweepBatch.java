// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import dev.netecho.IcmpErrorKind;
import java.net.InetAddress;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers, without an object for each. Valid only during the call of {@link SweepListener#onAnswers}; not thread-safe.
 */
public final class SweepBatch {
    /** The round trip of an answer of which it is not known. */
    public static final long UNKNOWN = -1;

    static final int MOST = 256;

    private final long[] highs = new long[MOST];
    private final long[] lows = new long[MOST];
    private final long[] responderHighs = new long[MOST];
    private final long[] responderLows = new long[MOST];
    private final long[] roundTrips = new long[MOST];
    private final Kind[] kinds = new Kind[MOST];
    private final @Nullable IcmpErrorKind[] errors = new @Nullable IcmpErrorKind[MOST];
    private int size;

    SweepBatch() {}

    /** What an answer is. */
    public enum Kind {
        /** The first reply of a host. */
        REPLY,
        /** A further reply to the same probe. */
        DUPLICATE,
        /** An ICMP error about the probe. A reply may still follow it. */
        ERROR,
        /** A reply that an earlier run of this sweep got; its round trip is not known. */
        KNOWN_REPLY,
        /** An ICMP error that an earlier run of this sweep got; nothing else is known of it. */
        KNOWN_ERROR,
        /** No answer came in time; told at the end, see {@link Sweep.Builder#tellSilent}. */
        SILENT,
        /** No answer came, or nothing was sent, and this host may be the cause; told at the end. */
        UNSURE,
        /** {@link #SILENT}, when an earlier run of this sweep asked; this run did not. */
        KNOWN_SILENT,
        /** {@link #UNSURE}, when an earlier run of this sweep asked; this run did not. */
        KNOWN_UNSURE
    }

    /** {@return how many answers there are} */
    public int size() {
        return size;
    }

    /**
     * {@return what an answer is}
     *
     * @param i which, 0 to size - 1
     */
    public Kind kind(int i) {
        return kinds[i];
    }

    /**
     * {@return the address that was asked; a new object with each call}
     *
     * @param i which, 0 to size - 1
     */
    public InetAddress address(int i) {
        return Addresses.toInetAddress(highs[i], lows[i]);
    }

    /**
     * {@return the first eight octets of the address that was asked; 0 for IPv4, which is {@code ::ffff:0:0/96}}
     *
     * @param i which, 0 to size - 1
     */
    public long high(int i) {
        return highs[i];
    }

    /**
     * {@return the last eight octets of the address that was asked; of IPv4, the low 32 bits are the address}
     *
     * @param i which, 0 to size - 1
     */
    public long low(int i) {
        return lows[i];
    }

    /**
     * {@return the round trip in nanoseconds, or {@link #UNKNOWN}}
     *
     * @param i which, 0 to size - 1
     */
    public long roundTripNanos(int i) {
        return roundTrips[i];
    }

    /**
     * {@return what an error says; empty for a reply, and for one of an earlier run}
     *
     * @param i which, 0 to size - 1
     */
    public Optional<IcmpErrorKind> error(int i) {
        return Optional.ofNullable(errors[i]);
    }

    /**
     * {@return who sent the error; for a reply, and for an error of an earlier run, the address that was asked}
     *
     * @param i which, 0 to size - 1
     */
    public InetAddress responder(int i) {
        return Addresses.toInetAddress(responderHighs[i], responderLows[i]);
    }

    boolean isFull() {
        return size == MOST;
    }

    void add(Kind kind, long high, long low, long roundTripNanos) {
        add(kind, high, low, null, high, low, roundTripNanos);
    }

    void add(
            Kind kind,
            long high,
            long low,
            @Nullable IcmpErrorKind error,
            long responderHigh,
            long responderLow,
            long roundTripNanos) {
        kinds[size] = kind;
        highs[size] = high;
        lows[size] = low;
        errors[size] = error;
        responderHighs[size] = responderHigh;
        responderLows[size] = responderLow;
        roundTrips[size++] = roundTripNanos;
    }

    void clear() {
        size = 0;
    }
}
