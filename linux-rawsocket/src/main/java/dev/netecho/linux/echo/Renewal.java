// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

/**
 * When a socket is replaced by one with a new identifier (SPEC MAT-5): after a period, and when hosts that had answered
 * all fall silent. The old socket is kept for a while, to count late answers.
 */
final class Renewal {
    /** After this many time-outs in a row, over this time, of hosts that had answered, a new identifier is tried. */
    private static final int SILENT_TIMEOUTS = 3;

    private static final long FIRST_PATIENCE_NANOS = 2_000_000_000L;

    /** Each new identifier that does not help doubles the time until the next, up to this. */
    private static final long LONGEST_PATIENCE_NANOS = 64_000_000_000L;

    private static final long DRAIN_NANOS = 5_000_000_000L;

    private final long openedAt;
    private long sentAt;
    private boolean answered;
    private int timeOuts;
    private long silentSince;
    private long timedOutAt;

    /** How long time-outs are blamed on the hosts while this socket has had no answer; 0 means always. */
    private long inheritedPatience;

    /** When the next socket replaced it. */
    private long replacedAt;

    Renewal(long nowNanos) {
        this.openedAt = nowNanos;
        this.sentAt = nowNanos;
    }

    void sent(long nowNanos) {
        sentAt = nowNanos;
    }

    void answered() {
        answered = true;
        timeOuts = 0;
    }

    void timedOut(long nowNanos) {
        silentSince = timeOuts == 0 ? nowNanos : silentSince;
        timedOutAt = nowNanos;
        timeOuts++;
    }

    /** {@return whether it has been sending for a whole period, or its hosts have fallen silent} */
    boolean isDue(long periodNanos) {
        return sentAt - openedAt >= periodNanos || isSilenced();
    }

    private boolean isSilenced() {
        return timeOuts >= SILENT_TIMEOUTS
                && (answered || inheritedPatience > 0)
                && timedOutAt - silentSince >= (answered ? FIRST_PATIENCE_NANOS : inheritedPatience);
    }

    /** Says that this socket replaces another. */
    void replace(Renewal old) {
        inheritedPatience =
                old.answered ? 2 * FIRST_PATIENCE_NANOS : Math.min(2 * old.inheritedPatience, LONGEST_PATIENCE_NANOS);
        old.replacedAt = openedAt;
    }

    /** Says that this socket sends no more, and that there is no other yet. */
    void retire(long nowNanos) {
        replacedAt = nowNanos;
    }

    /** {@return when a socket that was replaced may be closed at the earliest} */
    long drainedNanos() {
        return replacedAt + DRAIN_NANOS;
    }
}
