// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import dev.netecho.testkit.simulated.SimulatedClock;
import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The time of a simulated clock, which goes from event to event while a test waits. */
final class SimulatedTime implements ContractTime {
    private static final Duration OTHERS = Duration.ofMillis(50);
    private static final Duration DELIVERY = Duration.ofMillis(200);

    private final SimulatedClock clock;

    private final Duration tolerance;

    SimulatedTime(SimulatedClock clock, Duration tolerance) {
        this.clock = clock;
        this.tolerance = tolerance;
    }

    @Override
    public long nanoTime() {
        return clock.nanoTime();
    }

    @Override
    public boolean await(BooleanSupplier condition, Duration limit) {
        long deadline = clock.nanoTime() + limit.toNanos();
        clock.advance(Duration.ZERO); // then earlier requests are on their way
        while (!condition.getAsBoolean()) {
            long left = deadline - clock.nanoTime();
            if (left <= 0) {
                // Threads that deliver run in the machine's time: an outcome may still be on its way after this clock
                // has passed its time.
                return ContractTime.ofMachine().await(condition, DELIVERY);
            }
            // Another thread may be about to send: time must not run past it.
            BooleanSupplier something = () -> clock.nanosToNext().isPresent() || condition.getAsBoolean();
            if (ContractTime.ofMachine().await(something, OTHERS)
                    && clock.nanosToNext().isEmpty()) {
                return true;
            }
            clock.advance(Duration.ofNanos(Math.min(left, clock.nanosToNext().orElse(left))));
        }
        return true;
    }

    @Override
    public void pass(Duration time) {
        clock.advance(time);
    }

    @Override
    public void stall(Duration time) {
        clock.stall(time);
    }

    @Override
    public Duration tolerance() {
        return tolerance;
    }
}
