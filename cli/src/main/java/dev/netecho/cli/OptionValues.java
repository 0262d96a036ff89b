// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.math.BigDecimal;
import java.time.Duration;

/**
 * Turns the text of an option into its value, or into one line that says what is allowed.
 *
 * <p>Blanks before a number are skipped, as strtol(3) does: some programs call ping with "-w 2" as one argument.
 */
final class OptionValues {
    private static final BigDecimal SHORTEST = new BigDecimal("0.000001");
    private static final BigDecimal LONGEST = new BigDecimal(31_536_000);

    private OptionValues() {}

    /** {@return a whole number in a range} */
    static int integer(String option, String text, int least, int most) throws UsageException {
        try {
            int value = Integer.parseInt(text.stripLeading());
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Not a number: reported below, like a number out of range.
        }
        throw new UsageException(
                option + " is " + OneLine.quoted(text) + "; it must be a whole number from " + least + " to " + most);
    }

    /** {@return the traffic class octet, decimal or after "0x" hexadecimal} */
    static int trafficClass(String option, String text) throws UsageException {
        try {
            int value = Integer.decode(text.stripLeading());
            if (value >= 0 && value <= 255) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException(option + " is " + OneLine.quoted(text) + "; it must be 0 to 255, or 0x00 to 0xff");
    }

    /** {@return a number of seconds as a duration} */
    static Duration seconds(String option, String text) throws UsageException {
        try {
            BigDecimal seconds = new BigDecimal(text.stripLeading());
            // Compared before it is converted: a number such as 1e999999999 is cheap to compare and expensive to
            // expand.
            if (seconds.compareTo(SHORTEST) >= 0 && seconds.compareTo(LONGEST) <= 0) {
                return Duration.ofNanos(seconds.movePointRight(9).longValue());
            }
        } catch (NumberFormatException e) {
            // Told below.
        }
        throw new UsageException(option + " is " + OneLine.quoted(text) + "; it must be " + SHORTEST.toPlainString()
                + " to " + LONGEST.toPlainString() + " seconds");
    }

    /** {@return whether fragmentation is forbidden} */
    static boolean dontFragment(String option, String text) throws UsageException {
        return switch (text) {
            // Both are DF without the kernel's memory of path MTUs (IP_PMTUDISC_PROBE); ping's "do" obeys that memory.
            case "do", "probe" -> true;
            case "want", "dont" -> false;
            default ->
                throw new UsageException(option + " is " + OneLine.quoted(text)
                        + "; it must be do or probe (never fragment), want or dont (fragment where needed)");
        };
    }

    /** {@return bytes that repeat up to 16 bytes given in hexadecimal} */
    static byte[] filled(String option, String text, int size) throws UsageException {
        if (!text.matches("[0-9A-Fa-f]{1,32}")) {
            throw new UsageException(
                    option + " is " + OneLine.quoted(text) + "; it must be 1 to 32 hexadecimal digits, two a byte");
        }
        byte[] bytes = new byte[size];
        int length = (text.length() + 1) / 2;
        for (int i = 0; i < size; i++) {
            int start = 2 * (i % length);
            bytes[i] = (byte) Integer.parseInt(text.substring(start, Math.min(start + 2, text.length())), 16);
        }
        return bytes;
    }
}
