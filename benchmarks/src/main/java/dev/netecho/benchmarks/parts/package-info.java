// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** JMH benchmarks of the parts that need no kernel, and the experiment that runs them. */
@NullMarked
package dev.netecho.benchmarks.parts;

import org.jspecify.annotations.NullMarked;
