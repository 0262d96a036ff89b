// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

/** Where a path ends, and so what a trace found. Further constants may be added in a minor version. */
public enum PathEnd {
    /** The destination answered. */
    REACHED,
    /** A router or this host said that the destination cannot be reached; {@link PathReport#why} is its ICMP error. */
    UNREACHABLE,
    /**
     * Packets loop: a router answers at three hops or more, and between them another one. Without another one between
     * them it is no loop: beyond a NAT all routers may answer with its address.
     */
    LOOP,
    /** The last hop that was tried answered, and is not the destination. */
    TOO_FAR,
    /** Nothing answers after the last hop of the report. If that has no hops, nothing answered at all. */
    SILENT,
    /** No request was sent; {@link PathReport#why} says what refused them. */
    NOT_SENT,
    /** No round was completed, so that nothing is known. */
    UNKNOWN
}
