// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * The experiments about truth and scale: what is reported, what is lost, and what it costs when there is much of it.
 */
@NullMarked
package dev.netecho.benchmarks.scale;

import org.jspecify.annotations.NullMarked;
