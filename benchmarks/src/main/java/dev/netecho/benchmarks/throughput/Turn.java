// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.benchmarks.throughput;

import java.util.Locale;
import java.util.Map;

/**
 * What the worker is to do in one turn; one line between the two JVMs.
 *
 * @param provider the library's backend
 * @param style how the caller asks
 * @param address the first destination, numeric
 * @param destinations how many addresses are asked in turn, each one behind the other
 * @param window requests in flight, which for the blocking styles is the number of threads
 * @param warmUp seconds before measuring
 * @param seconds seconds measured
 */
record Turn(String provider, Style style, String address, int destinations, int window, double warmUp, double seconds) {
    /** How a caller asks again once it has its answer. */
    enum Style {
        /** {@code sendAsync} with a listener, which asks again itself. */
        LISTENER,
        /** {@code sendAsync} with a future, whose {@code thenAccept} asks again. */
        FUTURE,
        /** {@code send} in a loop on platform threads. */
        BLOCKING,
        /** {@code send} in a loop on virtual threads. */
        VIRTUAL;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /** {@return the same, measured for longer or shorter} */
    Turn lasting(double otherSeconds) {
        return new Turn(provider, style, address, destinations, window, warmUp, otherSeconds);
    }

    String toLine() {
        return "provider=" + provider + " style=" + style + " address=" + address + " destinations=" + destinations
                + " window=" + window + " warm-up=" + warmUp + " seconds=" + seconds;
    }

    static Turn of(Map<String, String> values) {
        return new Turn(
                value(values, "provider"),
                Style.valueOf(value(values, "style").toUpperCase(Locale.ROOT)),
                value(values, "address"),
                Integer.parseInt(value(values, "destinations")),
                Integer.parseInt(value(values, "window")),
                Double.parseDouble(value(values, "warm-up")),
                Double.parseDouble(value(values, "seconds")));
    }

    private static String value(Map<String, String> values, String key) {
        String value = values.get(key);
        if (value == null) {
            throw new IllegalArgumentException("the turn has no " + key + ": " + values);
        }
        return value;
    }
}
