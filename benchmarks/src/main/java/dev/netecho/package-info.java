// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/** Benchmarks of what only this package of the library sees. */
@NullMarked
package dev.netecho;

import org.jspecify.annotations.NullMarked;
