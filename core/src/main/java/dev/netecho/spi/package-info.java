// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors

/**
 * What the author of a backend sees: the provider to implement and the parts that every backend shares.
 */
@NullMarked
package dev.netecho.spi;

import org.jspecify.annotations.NullMarked;
