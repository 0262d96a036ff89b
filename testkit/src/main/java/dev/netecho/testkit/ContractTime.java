// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.testkit;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** The time in which a backend lives: that of the machine, or a simulated one. Thread-safe. */
public interface ContractTime {
    /** {@return a monotonic time in nanoseconds} */
    long nanoTime();

    /**
     * Lets time pass until a condition holds.
     *
     * @param condition what to wait for; thread-safe
     * @param limit how long at most
     * @return whether it holds
     */
    boolean await(BooleanSupplier condition, Duration limit);

    /**
     * Lets time pass.
     *
     * @param time how long
     */
    void pass(Duration time);

    /**
     * Keeps the calling thread busy, as a slow listener or a stopped process does.
     *
     * @param time how long
     */
    void stall(Duration time);

    /** {@return how late a time-out or an answer may be noticed on a machine that has other things to do} */
    Duration tolerance();

    /** {@return the time of the machine} */
    static ContractTime ofMachine() {
        return new MachineTime();
    }
}
