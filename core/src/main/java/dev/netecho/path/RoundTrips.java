// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import java.time.Duration;

/**
 * A summary of round-trip times.
 *
 * @param count how many there are, 1 or more
 * @param best the shortest
 * @param average the arithmetic mean
 * @param worst the longest
 * @param last the latest
 * @param standardDeviation of the population; zero for a single one
 * @param jitter the mean absolute difference between consecutive round trips; zero for a single one
 */
public record RoundTrips(
        int count,
        Duration best,
        Duration average,
        Duration worst,
        Duration last,
        Duration standardDeviation,
        Duration jitter) {}
