// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** Packets as the remote side reads and writes them, for the lab and the simulated network. Not exported. */
@NullMarked
package dev.netecho.testkit.wire;

import org.jspecify.annotations.NullMarked;
