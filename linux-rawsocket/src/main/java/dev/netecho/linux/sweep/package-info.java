// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** Sweeps over packet sockets: whole frames to one router, and a ring that receives the answers. Not exported. */
@NullMarked
package dev.netecho.linux.sweep;

import org.jspecify.annotations.NullMarked;
