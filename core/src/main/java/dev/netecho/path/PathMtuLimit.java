// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

/** What keeps larger packets from arriving. Further constants may be added in a minor version. */
public enum PathMtuLimit {
    /** Nothing: the largest packet of the search arrived. */
    NONE,
    /** This host: its interface, or what it has learned of the path. */
    LOCAL,
    /** A router said that a larger packet is too big; {@link PathMtuReport#toldBy} is its address. */
    TOLD,
    /** Larger packets vanish, and no error comes: a black hole (RFC 2923, 2.1). */
    BLACK_HOLE,
    /**
     * The destination does not even answer the smallest packet, or no longer answers what it did: its path is not
     * known.
     */
    SILENT,
    /** An ICMP error says that the destination cannot be reached; {@link PathMtuReport#why} has it. */
    UNREACHABLE,
    /** A request could not be sent; {@link PathMtuReport#why} says why. */
    NOT_SENT
}
