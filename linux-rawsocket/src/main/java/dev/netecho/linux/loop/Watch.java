// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

/**
 * A descriptor that is being watched, level-triggered. Its methods are called on the loop's thread, or {@link #cancel}
 * on another if a lent loop has ended.
 */
public interface Watch {
    /**
     * Asks for {@link ReadyHandler#WRITABLE} events, or no longer.
     *
     * @param wanted whether they are wanted
     */
    void writable(boolean wanted);

    /**
     * Has the loop look away from the descriptor until {@link #resume}: meanwhile it tells nothing of it.
     *
     * @param needed whether a loop that is lent shall do so too. If it is shut down, Netty tells those it does not look
     *     at only when it has ended
     * @return whether it does; a loop that is lent does not unless it is needed
     */
    boolean pause(boolean needed);

    /**
     * Has the loop look again after {@link #pause}, and tell what there is.
     *
     * @throws IllegalStateException if the system refuses; it still looks away then, and may be asked once more
     */
    void resume();

    /** Makes the loop forget the descriptor; {@link ReadyHandler#released} follows. */
    void cancel();
}
