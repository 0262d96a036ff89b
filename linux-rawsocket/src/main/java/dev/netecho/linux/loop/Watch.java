// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.linux.loop;

/** A descriptor that is being watched, level-triggered. Its methods are called on the loop's thread. */
public interface Watch {
    /**
     * Asks for {@link ReadyHandler#WRITABLE} events, or no longer.
     *
     * @param wanted whether they are wanted
     */
    void writable(boolean wanted);

    /**
     * Lets the loop look away from the descriptor, or look at it again: meanwhile nothing is told of it. Each packet that comes or leaves
     * would otherwise wake whoever watches, awake or not (sock_def_readable and sock_def_write_space of Linux).
     *
     * @param wanted whether the descriptor is to be watched, as it is at first
     */
    void watching(boolean wanted);

    /** Makes the loop forget the descriptor; {@link ReadyHandler#released} follows. */
    void cancel();
}
