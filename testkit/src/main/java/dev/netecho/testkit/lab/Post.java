// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

/** Carries packets back to the sender. */
interface Post {
    /** Sends a packet at once. */
    void now(byte[] packet);

    /**
     * Sends a packet at a time of the clock that stamps requests; packets of the same time go out in the order of these
     * calls.
     */
    void at(long dueNanos, byte[] packet);
}
