// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** ICMP echo on Linux: the providers {@code linux-datagram} and {@code linux-raw}, and their options. */
@NullMarked
package dev.netecho.linux;

import org.jspecify.annotations.NullMarked;
