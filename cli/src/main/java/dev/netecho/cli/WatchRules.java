// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * When a watched host counts as what.
 *
 * @param downAfter so many requests, or bursts, in a row without a reply
 * @param degradedLoss so many percent lost in the last minute, or in a burst, or more
 * @param degradedTime a mean round-trip time of the last replies, or of a burst, above this; null for any
 * @param burst how many requests are judged together; 1 for no bursts
 */
record WatchRules(int downAfter, int degradedLoss, @Nullable Duration degradedTime, int burst) {
    /** {@return whether so much was lost, of what told something of the host} */
    boolean isLossy(long lost, long asked) {
        return lost > 0 && 100 * lost >= degradedLoss * asked;
    }

    /** {@return whether these replies took too long} */
    boolean isSlow(RttStatistics times) {
        return degradedTime != null && !times.isEmpty() && times.mean() > degradedTime.toNanos();
    }
}
