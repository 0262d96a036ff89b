// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks;

/** On which side of its bound a goal is reached. */
public enum Comparison {
    /** Reached by the bound and everything above. */
    AT_LEAST(">="),
    /** Reached by the bound and everything below. */
    AT_MOST("<=");

    private final String sign;

    Comparison(String sign) {
        this.sign = sign;
    }

    boolean isReached(double value, double bound) {
        return this == AT_LEAST ? value >= bound : value <= bound;
    }

    @Override
    public String toString() {
        return sign;
    }
}
