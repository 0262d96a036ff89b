// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.socket.ErrorQueue;

/**
 * Entries of the error queue that are read and not yet handled. They are handled in the order of the kernel's stamps,
 * between the packets of the same socket; one object serves all sockets of a loop.
 *
 * <p>SPEC ERR-4. The error queue may hold more entries than one read takes, so the next are read when the first are
 * handled. Otherwise a reply whose error is still in the queue would be taken for the first answer.
 */
final class ReadErrors {
    /** A time after every stamp. */
    static final long REST = Long.MAX_VALUE;

    private final ErrorQueue errors;
    private final Answers answers;
    private final Outcomes outcomes;
    private int next;
    private int end;

    /** Whether the socket's error queue may have more. */
    private boolean more;

    ReadErrors(ErrorQueue errors, Answers answers, Outcomes outcomes) {
        this.errors = errors;
        this.answers = answers;
        this.outcomes = outcomes;
    }

    /** Begins with entries that were read. */
    void begin(int received) {
        next = 0;
        end = received;
        more = true;
    }

    /** {@return whether nothing was begun, or all of it is handled} */
    boolean isIdle() {
        return next == end && !more;
    }

    /** Forgets what was read and is not handled. */
    void end() {
        release();
        more = false;
    }

    private void release() {
        errors.release(end);
        next = 0;
        end = 0;
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
     * Handles the entries that the kernel stamped before a time, and reads more as long as the last was.
     *
     * @param stamp of a packet, 0 if it has none
     */
    void acceptBefore(EchoSocket from, long stamp, long now) {
        while (acceptRead(from, stamp, now) && more) {
            release();
            int received = errors.receive(from.socket);
            from.reading.errorsRead(received);
            more = received > 0;
            end = Math.max(0, received);
        }
    }

    /** Handles all that were read. */
    void acceptRest(EchoSocket from, long now) {
        acceptRead(from, REST, now);
    }

    /** {@return whether all that were read are handled} */
    private boolean acceptRead(EchoSocket from, long stamp, long now) {
        while (next < end) {
            boolean isEntry = errors.select(next);
            boolean before = stamp == REST || (errors.stamp() != 0 && errors.stamp() < stamp);
            if (isEntry && !before) {
                return false;
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
        return true;
    }
}
