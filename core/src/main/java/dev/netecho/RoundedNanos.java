// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho;

/**
 * Nanoseconds in 16 bits, rounded up: six bits of exponent and ten of mantissa, like an unsigned floating-point number.
 * Below 1,024 ns they are exact; above, the value is too large by less than one part in 512.
 */
final class RoundedNanos {
    private static final int MANTISSA_BITS = 10;
    private static final int MANTISSA = (1 << MANTISSA_BITS) - 1;

    private RoundedNanos() {}

    /** {@return the code of the smallest value that is not less than {@code nanos}, which is not negative} */
    static int up(long nanos) {
        int exponent = Math.max(0, Long.SIZE - MANTISSA_BITS - Long.numberOfLeadingZeros(nanos));
        long mantissa = nanos >>> exponent;
        if (mantissa << exponent != nanos && ++mantissa > MANTISSA) {
            mantissa >>>= 1;
            exponent++;
        }
        return exponent << MANTISSA_BITS | (int) mantissa;
    }

    /** {@return the nanoseconds of a code, of which only the low 16 bits count} */
    static long value(int code) {
        int exponent = (code & 0xffff) >>> MANTISSA_BITS;
        long nanos = (long) (code & MANTISSA) << exponent;
        return nanos < 0 ? Long.MAX_VALUE : nanos;
    }
}
