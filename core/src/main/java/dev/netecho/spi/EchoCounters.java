// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

/**
 * Where an engine counts what is not an outcome; each requester has its own. Core counts requests and outcomes itself.
 * Thread-safe. Counting allocates nothing.
 */
public interface EchoCounters {
    /** An engine's thread that is held for less is not a stall: SPEC TIM-2 lets a time-out be as late. */
    long SHORTEST_STALL_NANOS = 20_000_000;

    /**
     * Says which stray packets the engine can see; replaces an earlier call. The counters of the others are absent.
     *
     * @param visible what the engine sees
     */
    void observe(Stray... visible);

    /**
     * Counts one stray packet.
     *
     * @param stray what it was
     */
    default void count(Stray stray) {
        count(stray, 1);
    }

    /**
     * Counts several stray packets.
     *
     * @param stray what they were
     * @param number how many
     */
    void count(Stray stray, long number);

    /**
     * Counts a time for which sending paused because of the rate alone. {@link dev.netecho.backend.SendPace} calls it.
     *
     * @param nanos how long, in nanoseconds
     */
    void paced(long nanos);

    /**
     * Says for how long the engine's thread was kept from its work: by a listener, by the owner of a lent loop, or by
     * the system. Called when it continues. Default: nothing.
     *
     * @param nanos how long, in nanoseconds; less than {@link #SHORTEST_STALL_NANOS} is ignored
     */
    default void held(long nanos) {}
}
