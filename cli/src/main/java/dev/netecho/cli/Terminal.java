// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import java.util.Map;

/**
 * What standard output is.
 *
 * @param isPresent whether a person watches it
 * @param columns how wide it is
 * @param hasColours whether it may be written to in colours
 */
record Terminal(boolean isPresent, int columns, boolean hasColours) {
    /** Of a table in a file or a pipe. */
    private static final int USUAL_COLUMNS = 80;

    /** Narrower ones are not catered for. */
    private static final int FEWEST_COLUMNS = 40;

    static final Terminal NONE = new Terminal(false, USUAL_COLUMNS, false);

    /** Of ECMA-48: a colour for the foreground, and the default. Plain red and green are readable on light and dark. */
    enum Colour {
        RED(31),
        GREEN(32),
        YELLOW(33);

        private final String begin;

        Colour(int parameter) {
            begin = "\u001b[" + parameter + "m";
        }
    }

    /**
     * {@return what the script {@code netecho} has found with {@code test -t 1} and {@code stty size}}
     * {@link System#console} does not tell: it also asks for standard input, and from JDK 22 on there is a console even
     * when standard output is a file.
     */
    static Terminal ofStandardOutput(Map<String, String> environment) {
        if (!Boolean.getBoolean("netecho.terminal")) {
            return NONE;
        }
        int told = Integer.getInteger("netecho.columns", 0);
        // stty(1) tells 0 where nobody has set a size, such as on a serial line.
        int columns = told <= 0 ? USUAL_COLUMNS : Math.max(FEWEST_COLUMNS, told);
        // no-color.org: any value but an empty one.
        boolean plain = !environment.getOrDefault("NO_COLOR", "").isEmpty()
                || environment.getOrDefault("TERM", "dumb").equals("dumb");
        return new Terminal(true, columns, !plain);
    }

    /** {@return the text in a colour if there are any} */
    String in(Colour colour, String text) {
        return hasColours ? colour.begin + text + "\u001b[m" : text;
    }
}
