// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import dev.netecho.linux.loop.Watch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether the event loop watches a socket. It does, except for one that is read in turn after turn anyway: each packet
 * that comes or leaves would wake the watcher, awake or not (sock_def_readable and sock_def_write_space of Linux),
 * which is 3 to 4 % of an echo. At the first turn that moves nothing it watches again, before it may sleep.
 */
final class SocketWatch {
    private static final Logger LOG = LoggerFactory.getLogger(SocketWatch.class);

    /**
     * Turns in a row that moved something before the loop stops watching: watching again costs about what four of them
     * gain.
     */
    static final int BUSY_TURNS = 16;

    /** How often the socket is read while the system refuses to watch it again (epoll_ctl(2): ENOMEM, ENOSPC). */
    static final long RETRY_NANOS = 5_000_000;

    private final Watch watch;
    private int busyTurns;
    private boolean paused;

    SocketWatch(Watch watch) {
        this.watch = watch;
    }

    /** {@return whether the loop does not report packets and errors: then each turn has to look for them} */
    boolean isPaused() {
        return paused;
    }

    /**
     * Takes in whether a turn moved anything, and whether the system refused to let it read: epoll would then wake the
     * loop again and again.
     */
    void turned(boolean moved, boolean refused) {
        if (refused) {
            stopWatching(true);
        } else if (!moved) {
            busyTurns = 0;
            watchAgain();
        } else if (!paused && ++busyTurns == BUSY_TURNS) {
            stopWatching(false);
        }
    }

    private void stopWatching(boolean needed) {
        busyTurns = 0;
        if (!paused) {
            try {
                paused = watch.pause(needed);
            } catch (RuntimeException e) { // epoll_ctl(2) is refused: the socket stays watched
                LOG.debug("could not stop watching a socket", e);
            }
        }
    }

    /** Has the loop watch the socket again, as far as the system allows. */
    void watchAgain() {
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
     * {@return when the socket has to be read even if nothing wakes the loop; {@link Long#MAX_VALUE} if it is watched}
     */
    long nextNanos() {
        return paused ? System.nanoTime() + RETRY_NANOS : Long.MAX_VALUE;
    }

    void writable(boolean wanted) {
        try {
            watch.writable(wanted);
        } catch (RuntimeException e) { // epoll_ctl(2) is refused: a timer tries again as well
            LOG.debug("could not watch for room to send", e);
        }
    }

    void cancel() {
        watch.cancel();
    }
}
