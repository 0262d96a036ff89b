// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.path;

import java.time.Duration;
import java.util.Optional;

/** Sums up round-trip times in constant memory. Guarded by the lock of its trace. */
final class RoundTripSums {
    private int count;
    private long best = Long.MAX_VALUE;
    private long worst;
    private long last;
    private double mean;

    /** Of squared differences from the mean: Welford's method, which loses no digits where the mean is large. */
    private double squares;

    private double differences;

    void add(Duration time) {
        long nanos = time.toNanos();
        if (count > 0) {
            differences += Math.abs(nanos - last);
        }
        count++;
        best = Math.min(best, nanos);
        worst = Math.max(worst, nanos);
        last = nanos;
        double distance = nanos - mean;
        mean += distance / count;
        squares += distance * (nanos - mean);
    }

    /** {@return the summary; empty if there is no round trip} */
    Optional<RoundTrips> summary() {
        if (count == 0) {
            return Optional.empty();
        }
        return Optional.of(new RoundTrips(
                count,
                Duration.ofNanos(best),
                nanos(mean),
                Duration.ofNanos(worst),
                Duration.ofNanos(last),
                nanos(Math.sqrt(squares / count)),
                count == 1 ? Duration.ZERO : nanos(differences / (count - 1))));
    }

    private static Duration nanos(double nanos) {
        return Duration.ofNanos(Math.round(nanos));
    }
}
