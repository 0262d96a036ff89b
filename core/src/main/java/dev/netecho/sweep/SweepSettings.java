// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.time.Duration;
import java.util.Objects;

/**
 * What a way has to know of a sweep. Immutable.
 *
 * @param targets what is asked
 * @param rate the most probes in a second, over all passes
 * @param coolDown how long an answer to a probe counts
 */
public record SweepSettings(SweepTargets targets, int rate, Duration coolDown) {
    /** Checks for null. */
    public SweepSettings {
        Objects.requireNonNull(targets, "targets");
        Objects.requireNonNull(coolDown, "coolDown");
    }
}
