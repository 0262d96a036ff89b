// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

/**
 * When a socket makes way for one with a new identifier (SPEC MAT-5): after a period, and when every answer stays away
 * that came before. The old socket is kept for a while, to count late answers.
 */
final class Renewal {
    /** So many time-outs in a row, and for so long, after hosts had answered: the identifier may be to blame. */
    private static final int SILENT_TIMEOUTS = 3;

    private static final long FIRST_PATIENCE_NANOS = 2_000_000_000L;

    /** If a new identifier did not help, the next attempts come later and later. */
    private static final long LONGEST_PATIENCE_NANOS = 64_000_000_000L;

    private static final long DRAIN_NANOS = 5_000_000_000L;

    private final long openedAt;
    private long sentAt;
    private boolean answered;
    private int timeOuts;
    private long silentSince;
    private long timedOutAt;

    /** How long time-outs are attributed to the hosts before there was any answer; 0 for ever. */
    private long inheritedPatience;

    /** When the next socket took its place. */
    private long succeededAt;

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

    /** {@return whether it has been sending for a period, or is silenced; a socket that rests never gets there} */
    boolean isDue(long periodNanos) {
        return sentAt - openedAt >= periodNanos || isSilenced();
    }

    private boolean isSilenced() {
        return timeOuts >= SILENT_TIMEOUTS
                && (answered || inheritedPatience > 0)
                && timedOutAt - silentSince >= (answered ? FIRST_PATIENCE_NANOS : inheritedPatience);
    }

    /** Takes the place of another. */
    void succeed(Renewal old) {
        inheritedPatience =
                old.answered ? 2 * FIRST_PATIENCE_NANOS : Math.min(2 * old.inheritedPatience, LONGEST_PATIENCE_NANOS);
        old.succeededAt = openedAt;
    }

    /** {@return when it may be closed at the earliest, its place being taken} */
    long drainedNanos() {
        return succeededAt + DRAIN_NANOS;
    }
}
