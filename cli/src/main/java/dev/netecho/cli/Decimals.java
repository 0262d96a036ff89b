// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.math.BigDecimal;
import java.math.MathContext;

/** Numbers in ASCII digits with a decimal point, whatever the locale. */
final class Decimals {
    private Decimals() {}

    /**
     * {@return a value divided by a unit, with the given number of decimals, rounded half up}
     *
     * <p>In {@code long} arithmetic: several hundred thousand of these are printed at the end of a large run.
     *
     * @param value at least 0
     * @param unit a power of ten
     * @param decimals at most as many as the unit has zeros
     */
    static String scaled(long value, long unit, int decimals) {
        long scale = 1;
        for (int i = 0; i < decimals; i++) {
            scale *= 10;
        }
        long step = unit / scale;
        long steps = value / step + (value % step * 2 >= step ? 1 : 0);
        if (decimals == 0) {
            return Long.toString(steps);
        }
        StringBuilder text = new StringBuilder(24).append(steps / scale).append('.');
        long fraction = steps % scale;
        for (long digit = scale / 10; digit > 0; digit /= 10) {
            text.append((char) ('0' + fraction / digit % 10));
        }
        return text.toString();
    }

    /** {@return nanoseconds as milliseconds with three decimals} */
    static String millis(long nanos) {
        return scaled(nanos, 1_000_000, 3);
    }

    /** {@return nanoseconds as milliseconds with three significant digits or more, as {@code ping} prints a time} */
    static String shortMillis(long nanos) {
        int decimals = nanos >= 99_950_000 ? 0 : nanos >= 9_995_000 ? 1 : nanos >= 999_500 ? 2 : 3;
        return scaled(nanos, 1_000_000, decimals);
    }

    /** {@return a part in percent of a whole above zero, six significant digits at most} */
    static String percent(long part, long whole) {
        BigDecimal percent = BigDecimal.valueOf(part)
                .multiply(BigDecimal.valueOf(100))
                .divide(BigDecimal.valueOf(whole), new MathContext(6));
        return percent.stripTrailingZeros().toPlainString();
    }
}
