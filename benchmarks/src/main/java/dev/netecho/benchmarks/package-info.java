// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * Measures the library through its public interface, beside C and beside other programs;
 * {@link dev.netecho.benchmarks.Run} is the program that {@code benchmarks/run} starts.
 */
@NullMarked
package dev.netecho.benchmarks;

import org.jspecify.annotations.NullMarked;
