// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * Echoes per second and CPU per echo: the library in a JVM of its own, in turn with the C reference and other programs.
 */
@NullMarked
package dev.netecho.benchmarks.throughput;

import org.jspecify.annotations.NullMarked;
