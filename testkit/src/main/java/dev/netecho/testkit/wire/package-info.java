// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** Packets as the far side reads and writes them, what the lab and the simulated network share. Not exported. */
@NullMarked
package dev.netecho.testkit.wire;

import org.jspecify.annotations.NullMarked;
