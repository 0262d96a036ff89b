// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/** Says which clock saw a reply arrive, and so how far a round-trip time can be trusted. */
public enum TimestampSource {
    /** The kernel stamped the packet on arrival: no scheduling delay of this process is in the time. */
    KERNEL,

    /**
     * This process read its monotonic clock when it read the packet: an upper bound that includes the time until the
     * thread ran.
     */
    PROCESS,

    /**
     * The system's interface gave whole milliseconds; the process' monotonic clock was clamped into that millisecond.
     */
    SYSTEM_MILLISECONDS
}
