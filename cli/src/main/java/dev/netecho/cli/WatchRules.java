// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a watched host counts as what.
 *
 * @param downAfter so many requests in a row without a reply
 * @param degradedLoss so many percent lost in the last minute, or more
 * @param degradedTime a mean round-trip time of the last replies above this; null for any
 */
record WatchRules(int downAfter, int degradedLoss, @Nullable Duration degradedTime) {}
