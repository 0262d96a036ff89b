// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.agent;

import java.nio.file.Path;
import java.util.Locale;

/** Text that others gave, as it is quoted to people. */
final class Words {
    private static final int LONGEST_QUOTE = 80;

    private Words() {}

    /** {@return the value in quotes, on one line, shortened if it is long} */
    static String quoted(String given) {
        return quoted(given, LONGEST_QUOTE);
    }

    /** {@return the name of a file in quotes, on one line} */
    static String quoted(Path file) {
        return quoted(file.toString(), Integer.MAX_VALUE);
    }

    private static String quoted(String given, int longest) {
        StringBuilder text = new StringBuilder("\"");
        for (int i = 0; i < given.length() && i < longest; i++) {
            char c = given.charAt(i);
            boolean unfit = Character.isISOControl(c) || c == '\u2028' || c == '\u2029' || Character.isSurrogate(c);
            text.append(unfit ? '?' : c);
        }
        return text.append(given.length() > longest ? "...\"" : "\"").toString();
    }

    /** {@return the name of a constant as labels have it, such as hop_limit_exceeded} */
    static String of(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT);
    }
}
