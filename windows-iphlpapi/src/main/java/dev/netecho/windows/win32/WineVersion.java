// SPDX-License-Identifier: Apache-2.0
// Copyright 2026 The Netecho Authors
package dev.netecho.windows.win32;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** The version of Wine, which an extra export of its ntdll.dll gives. */
public record WineVersion(int major, int minor) {
    private static final Pattern NUMBERS = Pattern.compile("(\\d+)\\.(\\d+).*");

    static WineVersion parse(String text) {
        Matcher numbers = NUMBERS.matcher(text);
        return numbers.matches()
                ? new WineVersion(Integer.parseInt(numbers.group(1)), Integer.parseInt(numbers.group(2)))
                : new WineVersion(0, 0);
    }

    /** {@return whether this is the given version or a later one} */
    public boolean isAtLeast(int otherMajor, int otherMinor) {
        return major > otherMajor || (major == otherMajor && minor >= otherMinor);
    }

    @Override
    public String toString() {
        return major + "." + minor;
    }
}
