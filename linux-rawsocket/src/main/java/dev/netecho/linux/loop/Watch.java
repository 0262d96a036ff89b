// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

/**
 * A descriptor that is being watched, level-triggered. Its methods are called on the loop's thread, or {@link #cancel}
 * on another if a lent loop has ended.
 */
public interface Watch {
    /**
     * Starts or stops asking for {@link ReadyHandler#WRITABLE} events.
     *
     * @param wanted whether they are wanted
     */
    void writable(boolean wanted);

    /**
     * Stops watching the descriptor until {@link #resume}: meanwhile the loop reports nothing of it.
     *
     * @param needed whether a lent loop is to do so too. When that is shut down, Netty tells handles it does not watch
     *     only after its end
     * @return whether it does; a lent loop does so only if needed
     */
    boolean pause(boolean needed);

    /**
     * Watches again after {@link #pause}, and reports what is there.
     *
     * @throws IllegalStateException if the system refuses; the descriptor then stays unwatched, and this may be called
     *     again
     */
    void resume();

    /** Makes the loop forget the descriptor; {@link ReadyHandler#released} follows. */
    void cancel();
}
