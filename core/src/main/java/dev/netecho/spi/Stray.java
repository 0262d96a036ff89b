// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

/** Packets that are no outcome; each kind has a counter in {@link dev.netecho.EchoStatistics}. */
public enum Stray {
    /** A further reply to a request that had its reply. */
    DUPLICATE,
    /** An answer after the request had ended without one. */
    LATE,
    /** An answer whose data was not what was sent. */
    ALTERED,
    /** An answer to a live request from an address that was not asked. */
    WRONG_SOURCE,
    /** A packet that belongs to no request. */
    UNMATCHED,
    /** A packet dropped by the kernel because the engine's receive buffer was full. */
    DROPPED_LOCALLY
}
