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

    /** Makes the loop forget the descriptor; {@link ReadyHandler#released} follows. */
    void cancel();
}
