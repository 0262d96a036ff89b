// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.spi;

import java.time.Duration;

/** The counters of no requester; they keep the pauses alone. */
public final class FakeCounters implements EchoCounters {
    private long pacedNanos;

    public Duration paceTime() {
        return Duration.ofNanos(pacedNanos);
    }

    @Override
    public void observe(Stray... visible) {}

    @Override
    public void count(Stray stray, long number) {}

    @Override
    public void paced(long nanos) {
        pacedNanos += nanos;
    }
}
