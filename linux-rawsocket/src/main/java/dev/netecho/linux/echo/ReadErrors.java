// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.socket.ErrorQueue;

/**
 * The entries of an error queue that are read but not yet handled, in their order (SPEC ERR-4): each is handled before
 * the replies that the kernel stamped after it.
 */
final class ReadErrors {
    /** A time after every stamp. */
    static final long REST = Long.MAX_VALUE;

    private final ErrorQueue errors;
    private final Answers answers;
    private final Outcomes outcomes;
    private int next;
    private int end;

    ReadErrors(ErrorQueue errors, Answers answers, Outcomes outcomes) {
        this.errors = errors;
        this.answers = answers;
        this.outcomes = outcomes;
    }

    /** So many were read. */
    void begin(int received) {
        next = 0;
        end = received;
    }

    /** Forgets them, and makes them reusable. */
    void release(int received) {
        next = 0;
        end = 0;
        errors.release(received);
    }

    /** {@return the latest stamp among ICMP errors, {@link #REST} if one has none, 0 if there is no such error} */
    long latestIcmp() {
        long latest = 0;
        for (int k = next; k < end; k++) {
            if (errors.select(k) && errors.isIcmp()) {
                latest = Math.max(latest, errors.stamp() == 0 ? REST : errors.stamp());
            }
        }
        return latest;
    }

    /**
     * Handles the entries that the kernel stamped before a time.
     *
     * @param stamp of a packet, 0 if it has none; {@link #REST} for all
     */
    void acceptBefore(EchoSocket from, long stamp, long now) {
        while (next < end) {
            boolean isEntry = errors.select(next);
            boolean before = stamp == REST || (errors.stamp() != 0 && errors.stamp() < stamp);
            if (isEntry && !before) {
                return;
            }
            next++;
            try {
                if (isEntry) {
                    answers.acceptEntry(from, errors, now);
                }
            } catch (RuntimeException e) {
                outcomes.defect = e;
            }
        }
    }
}
