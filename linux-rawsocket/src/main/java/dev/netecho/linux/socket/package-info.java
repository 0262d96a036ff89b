// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * An ICMP socket, datagram or raw: how it is opened, and how packets enter and leave it in batches.
 *
 * <p>Nothing here knows what is in flight. All objects belong to one event-loop thread.
 */
@NullMarked
package dev.netecho.linux.socket;

import org.jspecify.annotations.NullMarked;
