// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.engine;

import dev.netecho.linux.loop.Watch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the event loop looks at a socket. It does, except at one that is read in turn after turn anyway: each packet
 * that comes or leaves would wake the watcher, awake or not (sock_def_readable and sock_def_write_space of Linux),
 * which is 3 to 4 % of an echo. At the first turn that moves nothing it looks again, before it may sleep.
 */
final class SocketWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SocketWatch.class);

    /**
     * Turns in a row that moved something before the loop looks away: to look again costs about what four of them gain.
     */
    static final int BUSY_TURNS = 16;

    /**
     * The system may refuse to have the socket watched again (epoll_ctl(2): ENOMEM, ENOSPC): until then it is read so
     * often.
     */
    static final long RETRY_NANOS = 5_000_000;

    private final Watch watch;
    private int busyTurns;
    private boolean paused;

    SocketWatch(Watch watch) {
        this.watch = watch;
    }

    /** {@return whether nobody tells us of packets and errors, so that each turn has to look for them} */
    boolean isPaused() {
        return paused;
    }

    /**
     * Says whether a turn moved anything, and whether the system refused to let it read: then epoll would wake us again
     * and again.
     */
    void turned(boolean moved, boolean refused) {
        if (refused) {
            lookAway(true);
        } else if (!moved) {
            busyTurns = 0;
            lookAgain();
        } else if (!paused && ++busyTurns == BUSY_TURNS) {
            lookAway(false);
        }
    }

    private void lookAway(boolean needed) {
        busyTurns = 0;
        if (!paused) {
            try {
                paused = watch.pause(needed);
            } catch (RuntimeException e) { // epoll_ctl(2) is refused: it goes on telling
                LOG.debug("the loop goes on looking at a socket", e);
            }
        }
    }

    /** Has the loop look, as far as the system allows. */
    void lookAgain() {
        if (paused) {
            try {
                watch.resume();
                paused = false;
            } catch (RuntimeException e) {
                LOG.debug("a busy socket could not be watched again; it is read every few milliseconds", e);
            }
        }
    }

    /**
     * {@return when the socket has to be read though nothing wakes the loop; {@link Long#MAX_VALUE} if the loop looks}
     */
    long nextNanos() {
        return paused ? System.nanoTime() + RETRY_NANOS : Long.MAX_VALUE;
    }

    void writable(boolean wanted) {
        try {
            watch.writable(wanted);
        } catch (RuntimeException e) { // epoll_ctl(2) is refused: a timer tries again as well
            LOG.debug("the loop does not tell when there is room to send", e);
        }
    }

    void cancel() {
        watch.cancel();
    }
}
