// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** What the user's signals act on. The methods are called from any thread. */
interface Interruptible {
    /** Ends early; what has been found so far is reported. */
    void stop();

    /** Prints an interim summary to standard error, and continues. */
    void summarize();

    /** {@return whether SIGHUP makes it read its configuration again; otherwise SIGHUP ends it} */
    default boolean reloads() {
        return false;
    }

    /** Reads its configuration again, and says on standard error what came of it. */
    default void reload() {}
}
