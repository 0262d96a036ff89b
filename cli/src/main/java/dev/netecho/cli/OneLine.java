// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.cli;

import org.jspecify.annotations.Nullable;

/** Text that stays on its line whatever it quotes. */
final class OneLine {
    private OneLine() {}

    /** {@return the text with every control character replaced by a question mark} */
    static String of(@Nullable String text) {
        StringBuilder line = new StringBuilder();
        String given = String.valueOf(text);
        for (int i = 0; i < given.length(); i++) {
            char c = given.charAt(i);
            line.append(Character.isISOControl(c) || c == '\u2028' || c == '\u2029' ? '?' : c);
        }
        return line.toString();
    }

    /** {@return a value a user gave, in quotes} */
    static String quoted(String value) {
        return '"' + of(value) + '"';
    }
}
