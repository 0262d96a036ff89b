// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * What is in flight: slots, sequence numbers, deadlines, windows, and the engine that owns them.
 *
 * <p>One event-loop thread runs everything here; only {@link dev.netecho.linux.lane.LaneEngine}'s submission stack is
 * shared with other threads. A request's way: {@code LaneEngine.submit -> LaneGroup (queue by kind of packet) -> Lane
 * (slot, encode) -> SendBatch}, and back: {@code ReceiveBatch or ErrorQueue -> LaneReceiver -> ReplyMatcher (slot,
 * source, token) or ErrorMatcher (slot, destination, token) -> PendingEcho.complete}.
 */
@NullMarked
package dev.netecho.linux.lane;

import org.jspecify.annotations.NullMarked;
