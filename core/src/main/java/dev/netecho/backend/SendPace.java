// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

import dev.netecho.spi.EchoConfig;
import dev.netecho.spi.EchoCounters;

/**
 * How fast an engine may send for one requester: {@link dev.netecho.EchoRequester.Builder#maxRate} (SPEC LOAD-5). The
 * engine asks before each packet, and comes back at {@link #nextNanos} for what has to wait.
 *
 * <p>Packets are due at even intervals. An engine that wakes late may catch up with what became due within the
 * tolerance, and no more. So no second sees more than the rate plus that. Thread-safe: several threads of one requester
 * share one pace, because each with a part of the rate would begin with a packet of its own.
 */
public final class SendPace {
    private final double nanosBetween;
    private final long tolerance;
    private final EchoCounters counters;
    private boolean begun;
    private boolean held;
    private double heldSince;

    /** When the next packet is due, with the fraction of a nanosecond that a rate such as three a second leaves. */
    private double due;

    private long origin;

    private SendPace(double nanosBetween, long toleranceNanos, EchoCounters counters) {
        this.nanosBetween = nanosBetween;
        this.tolerance = toleranceNanos;
        this.counters = counters;
    }

    /**
     * {@return a pace}
     *
     * @param config says the rate, or that there is none, and counts the time spent waiting for it
     * @param toleranceNanos how late the engine may wake, in nanoseconds, and still keep the rate
     */
    public static SendPace of(EchoConfig config, long toleranceNanos) {
        int rate = config.maxRate();
        return new SendPace(rate == 0 ? 0 : 1e9 / rate, toleranceNanos, config.counters());
    }

    /**
     * {@return whether a packet may be sent now; it then counts as sent}
     *
     * @param nowNanos the time now
     */
    public boolean take(long nowNanos) {
        return nanosBetween == 0 || takeDue(nowNanos);
    }

    private synchronized boolean takeDue(long nowNanos) {
        if (!begun) {
            begun = true;
            origin = nowNanos;
        }
        double now = nowNanos - origin;
        if (due > now) {
            if (!held) {
                held = true;
                heldSince = now;
            }
            return false;
        }
        if (held) {
            held = false;
            // Up to when it was due and not until now: the request that was held may be gone since. None if a packet
            // was given back meanwhile.
            counters.paced(Math.max(0, (long) (due - heldSince)));
        }
        due = Math.max(due, now - tolerance) + nanosBetween;
        return true;
    }

    /** Takes back one {@link #take} whose packet was not sent. */
    public void giveBack() {
        if (nanosBetween != 0) {
            giveBackDue();
        }
    }

    private synchronized void giveBackDue() {
        due -= nanosBetween;
    }

    /** {@return when the next packet may be sent} */
    public synchronized long nextNanos() {
        return origin + (long) Math.ceil(due);
    }
}
