// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
/**
 * What this host says about itself: addresses, routes, interfaces, and the packets that it discards. Read from netlink
 * and {@code /proc/net}.
 */
@NullMarked
package dev.netecho.linux.host;

import org.jspecify.annotations.NullMarked;
