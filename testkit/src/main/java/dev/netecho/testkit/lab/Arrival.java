// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit.lab;

/**
 * An IP packet as the destination sees it.
 *
 * @param packet the whole packet, reassembled if it came in fragments
 * @param fragments how many packets it came in, 1 or more
 * @param largestPacket bytes of the largest of these
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Arrival(byte[] packet, int fragments, int largestPacket) {}
