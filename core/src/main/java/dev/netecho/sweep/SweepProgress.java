// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.sweep;

import java.time.Duration;
import java.util.Objects;

/**
 * How far a sweep is. Immutable.
 *
 * @param pass 1 for the first time that hosts are asked, 2 and more for those that are asked again
 * @param targets the addresses of this shard that are not refused on every host
 * @param position how many of them this pass has come to
 * @param packets probes sent, by earlier runs too
 * @param answered hosts that replied
 * @param errors hosts of which only an ICMP error came
 * @param rate probes sent in a second, since the last progress
 * @param timeLeft how long this pass still takes at the rate that is allowed
 */
public record SweepProgress(
        int pass,
        long targets,
        long position,
        long packets,
        long answered,
        long errors,
        double rate,
        Duration timeLeft) {
    /** Checks for null. */
    public SweepProgress {
        Objects.requireNonNull(timeLeft, "timeLeft");
    }
}
