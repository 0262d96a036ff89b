// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

/** What is known of a host that is watched. */
enum HostState {
    /** No reply for several requests in a row, which all left this host. */
    DOWN,
    /** It replies, but loses more or takes longer than it may. */
    DEGRADED,
    /** No request has told yet, or none left this host. */
    UNKNOWN,
    UP
}
