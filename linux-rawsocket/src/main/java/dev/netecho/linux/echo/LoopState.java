// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.echo;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What any thread may know of an event loop: whether a round is due, whether anything moves, whether it closes. */
final class LoopState {
    /** A recursion of this depth takes some kilobytes: more than a call that wakes the loop. */
    private static final int PROBE_DEPTH = 64;

    private final String name;

    /** A round is running, posted, or set on the timer: many submissions then need no wake-up. */
    private final AtomicBoolean roundDue = new AtomicBoolean();

    /** Keeps the probe of the stack from being optimised away. */
    private long probed;

    private final AtomicBoolean closing = new AtomicBoolean();
    private volatile @Nullable Thread thread;

    /** Written by the loop only; another thread may read an older value. */
    private long progress;

    /** {@code name} is the prefix of the thread's name and of log lines. */
    LoopState(String name) {
        this.name = name;
    }

    String name() {
        return name;
    }

    /** {@return whether a round runs, or is to run at once} */
    boolean isRoundDue() {
        return roundDue.get();
    }

    /**
     * {@return whether the caller has to wake the loop, now that it has submitted something} Where the caller's stack
     * ends, it ends in here, and another thread may still claim.
     */
    boolean claimWakeUp() {
        if (roundDue.get()) {
            return false;
        }
        probed = probeStack(PROBE_DEPTH, probed, 2, 3, 4);
        return claimRound();
    }

    /** The sums are only there to be kept on the stack across the call. */
    private static long probeStack(int depth, long a, long b, long c, long d) {
        return depth == 0 ? a + b : probeStack(depth - 1, b + d, c ^ a, d + b, a + depth) + (a ^ b) + (c ^ d);
    }

    /** {@return whether no round was due; now one is} */
    boolean claimRound() {
        return roundDue.compareAndSet(false, true);
    }

    void setRoundDue(boolean due) {
        roundDue.set(due);
    }

    /** A round or an outcome begins. */
    void move() {
        progress++;
    }

    /** {@return what changes with each round and each outcome} */
    long progress() {
        return progress;
    }

    void startedOn(Thread started) {
        thread = started;
    }

    /** {@return the loop's thread; null before it has started} */
    @Nullable
    Thread thread() {
        return thread;
    }

    /** {@return whether the loop is closed or closing, by a caller or because its event loop was shut down} */
    boolean isClosing() {
        return closing.get();
    }

    /** {@return whether this call is the first one} */
    boolean setClosing() {
        return closing.compareAndSet(false, true);
    }
}
