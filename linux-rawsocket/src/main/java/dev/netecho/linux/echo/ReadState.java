// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SystemCallException;
import org.jspecify.annotations.Nullable;

/** Whether packets and errors of a socket can be read. */
final class ReadState {
    private static final int MOST_UNEXPLAINED = 16;

    private final boolean raw;

    /** Why the last look at the packets, or at the error queue, was refused; 0 if it was not. */
    private int packetsRefused;

    private int errorsRefused;

    /** How often in a row the number of a pending error came without an entry in the error queue. */
    private int unexplained;

    /** After sending: on loopback the answers are there already. */
    boolean answersExpected;

    /** {@code raw} sockets get no ICMP errors by their error queue. */
    ReadState(boolean raw) {
        this.raw = raw;
    }

    void packetsRead() {
        packetsRefused = 0;
        unexplained = 0;
    }

    void packetsRefused(int errno) {
        packetsRefused = errno == Errno.EAGAIN ? 0 : errno;
        unexplained = 0;
    }

    /**
     * Reading met a pending error. The kernel sets the number also where it has no room for the entry: only a number
     * that stays is a refusal.
     *
     * @param explained whether the error queue had an entry
     */
    void pendingError(int errno, boolean explained) {
        unexplained = explained ? 0 : unexplained + 1;
        packetsRefused = isRefusedForGood() ? errno : 0;
    }

    void errorsRead(int result) {
        errorsRefused = result >= 0 || result == -Errno.EAGAIN ? 0 : -result;
    }

    /** The kernel may have had no room for the entry of one error, but not again and again. */
    boolean isRefusedForGood() {
        return unexplained > MOST_UNEXPLAINED;
    }

    /** {@return whether the system refused the last look at packets or errors: then it is unknown what is there} */
    boolean isRefused() {
        return (packetsRefused | errorsRefused) != 0;
    }

    /** {@return why answers to requests cannot be read; null if they can} */
    @Nullable
    SystemCallException refusal() {
        if (packetsRefused != 0) {
            return new SystemCallException("recvmmsg", packetsRefused);
        }
        return errorsRefused == 0 || raw ? null : new SystemCallException("recvmmsg(MSG_ERRQUEUE)", errorsRefused);
    }
}
