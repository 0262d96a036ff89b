// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.backend;

/** The state of a slot: of the identifier and sequence number that an answer names. */
public enum SlotState {
    /** No packet with this number was sent: it was never used, or its last request never left. */
    FREE,
    /** A request has it, but the system does not have its packet yet. */
    STAGED,
    /** Its request is in flight. */
    SENT,
    /** Its last request ended with a reply. */
    ANSWERED,
    /** Its last request ended otherwise: by an ICMP error, its deadline, cancellation or closing. */
    ENDED
}
