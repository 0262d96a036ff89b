// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.libc.Errno;
import dev.netecho.linux.socket.SystemCallException;
import org.jspecify.annotations.Nullable;

/** Whether packets and errors of a socket can be read. */
final class ReadState {
    private static final int MOST_UNEXPLAINED = 16;
    private static final long LATELY_NANOS = 1_000_000_000;

    /** What is refused where epoll(7) announces packets again and again, and recvmmsg(2) finds none. */
    private static final String PACKETS_WAIT = "recvmmsg of packets that wait";

    private static final String ERRORS_WAIT = "recvmmsg(MSG_ERRQUEUE) of entries that wait";

    private final boolean raw;

    /** Why the last look at the packets, or at the error queue, was refused; 0 if it was not. */
    private int packetsRefused;

    private int errorsRefused;

    /** How often in a row the number of a pending error came without an entry in the error queue. */
    private int unexplained;

    private boolean hadError;
    private long errorNanos;

    /** How often in a row the event loop announced packets, or errors, and none could be read. */
    private int hollowPackets;

    private int hollowErrors;

    /** After sending: on loopback the answers are there already. */
    boolean answersExpected;

    /** {@code raw} sockets get no ICMP errors by their error queue. */
    ReadState(boolean raw) {
        this.raw = raw;
    }

    /** The event loop says that there are packets, or errors. */
    void announced(boolean packets, boolean errors) {
        hollowPackets += packets ? 1 : 0;
        hollowErrors += errors ? 1 : 0;
    }

    /**
     * {@return whether what was announced cannot be read, as it seems} A system-call filter, for instance, may answer
     * EAGAIN for ever. Then the loop would spin, and live hosts would look silent.
     */
    boolean isContradicted() {
        return hollowPackets > MOST_UNEXPLAINED || hollowErrors > MOST_UNEXPLAINED;
    }

    /** The kernel says that the receive buffer is empty. */
    void nothingWaits() {
        hollowPackets = 0;
        hollowErrors = 0;
        packetsRefused = 0;
        errorsRefused = errorsRefused == Errno.EAGAIN ? 0 : errorsRefused;
    }

    void packetsRead() {
        packetsRefused = 0;
        unexplained = 0;
        hollowPackets = 0;
    }

    void packetsRefused(int errno) {
        packetsRefused = errno == Errno.EAGAIN && hollowPackets <= MOST_UNEXPLAINED ? 0 : errno;
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
        hollowPackets = 0;
        hollowErrors = 0;
    }

    void errorsRead(int result) {
        hollowErrors = result > 0 ? 0 : hollowErrors;
        boolean none = result == -Errno.EAGAIN && hollowErrors <= MOST_UNEXPLAINED;
        errorsRefused = result >= 0 || none ? 0 : -result;
    }

    /** An ICMP error was in the error queue. */
    void errorCame(long now) {
        hadError = true;
        errorNanos = now;
    }

    /** {@return whether an ICMP error came a short time ago, so that the next may be there already} */
    boolean hadErrorLately(long now) {
        return hadError && now - errorNanos < LATELY_NANOS;
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
            return new SystemCallException(packetsRefused == Errno.EAGAIN ? PACKETS_WAIT : "recvmmsg", packetsRefused);
        }
        if (errorsRefused == 0 || raw) {
            return null;
        }
        return new SystemCallException(
                errorsRefused == Errno.EAGAIN ? ERRORS_WAIT : "recvmmsg(MSG_ERRQUEUE)", errorsRefused);
    }
}
